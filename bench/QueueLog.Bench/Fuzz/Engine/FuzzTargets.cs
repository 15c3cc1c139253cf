namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Every decoder of bytes that come from elsewhere. A new one is a line here.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("frames", WireInputs.WriteFrames, WireInputs.ReadFrames),
        new("greetings", WireInputs.WriteGreeting, WireInputs.ReadGreetings),
        new("records", RecordInputs.WriteRecords, RecordInputs.Read),
        new("lines", RecordInputs.WriteRecords, RecordInputs.Format),
        new("json-lines", LineInputs.WriteLines, LineInputs.Read) { AllocationFactor = 512, AllocationBase = 64 * 1024 },
        new("work-greetings", WorkInputs.WriteGreeting, WorkInputs.ReadGreeting),
        new("work-definitions", WorkInputs.WriteDefinition, WorkInputs.ReadDefinition),
        new("work-items", WorkInputs.WriteItems, WorkInputs.ReadItems),
        new("work-results", WorkInputs.WriteEntries, WorkInputs.ReadEntries),
        new("checkpoints", JournalInputs.WriteCheckpoint, JournalInputs.ReadCheckpoint),
        new("checkpoint-contents", JournalInputs.WriteCheckpointContent, JournalInputs.ReadCheckpointContent),
        new("rings", JournalInputs.WriteRing, JournalInputs.ReadRing) { Cost = 4 },
        new("ring-fields", RingInputs.Write, RingInputs.Read) { Mutate = RingInputs.Mutate, Cost = 4, AllocationBase = 64 * 1024 },
        new("ring-writers", RingInputs.Write, RingInputs.ReadWhileItChanges) { Mutate = RingInputs.Mutate, Cost = 4, AllocationBase = 64 * 1024 },
        new("feeds", FeedInputs.WriteFeed, FeedInputs.ReadFeed),
        new("log-packets", FeedInputs.WritePacket, FeedInputs.ReadPacket),
        new("histories", HistoryInputs.WriteMessage, HistoryInputs.ReadMessage),
        new("chunks", HistoryInputs.WriteWork, HistoryInputs.ReadWork),
        new("values", WorkInputs.WriteValue, WorkInputs.ReadValue),
    ];
}
