using QueueLog.Pool;
using QueueLog.Queue.History;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Chunks and their histories, as they come through a queue.</summary>
internal static class HistoryInputs
{
    public static void WriteMessage(Random random, ByteWriter output) => output.WriteBytes(HistoryCodec.Encode(random.Next(4) switch
    {
        0 => new ChunkOffer(Sample.Text(random), WorkInputs.Several(random, static made => new OfferedItem(made.Next(), made.Next(5), made.Next(3), made.NextInt64()))),
        1 => new ChunkClaim(Sample.Text(random), Sample.Text(random), random.NextInt64()),
        2 => new ChunkResults(random.NextInt64(), Report(random)),
        _ => new ChunkEnd(random.NextInt64(), (EndReason)random.Next(1, 5), Report(random)),
    }));

    public static void ReadMessage(byte[] input) => HistoryCodec.Decode(input);

    public static void WriteWork(Random random, ByteWriter output) =>
        output.WriteBytes(new WorkMessage(Sample.Text(random), random.NextInt64(), WorkInputs.Several(random, static made => new ChunkItem(made.Next(), made.Next(5), Sample.Bytes(made))), Sample.Bool(random) ? "" : Sample.Text(random)).Encode());

    public static void ReadWork(byte[] input) => WorkMessage.Decode(input);

    private static Report Report(Random random) => new(WorkInputs.Several<ReportPart>(random, static made => made.Next(3) switch
    {
        0 => new ResultsPart(Sample.Text(made), Sample.Bytes(made), WorkInputs.Several(made, End)),
        1 => new LostPart(Sample.Text(made), End(made)),
        _ => new LinePart(Sample.Text(made), Sample.Bool(made), Sample.Text(made)),
    }), Sample.Bool(random) ? "" : Sample.Text(random));

    private static ReportedEnd End(Random random) => new(random.Next(), (ItemStatus)random.Next(6), random.Next())
    {
        Started = Sample.Bool(random) ? null : new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero),
        Duration = Sample.Bool(random) ? null : TimeSpan.FromTicks(random.Next()),
        ExitCode = Sample.Bool(random) ? null : random.Next(),
        Death = Sample.Bool(random) ? null : new WorkerDeath(random.Next(), random.Next(), WorkInputs.Several(random, Sample.Text)) { HostFate = Sample.Text(random), LastRecords = WorkInputs.Several(random, Sample.Text) },
    };
}
