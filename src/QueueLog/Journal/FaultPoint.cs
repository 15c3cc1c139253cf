namespace QueueLog.Journal;

/// <summary>Where the tests that kill processes learn that one has come to a certain place. In production nobody listens.</summary>
internal static class FaultPoint
{
    public static Action<JournalFault>? Reached { get; set; }

    public static void Reach(JournalFault place) => Reached?.Invoke(place);
}
