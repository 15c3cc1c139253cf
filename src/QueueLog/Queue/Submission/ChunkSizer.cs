namespace QueueLog.Queue.Submission;

/// <summary>How many items make a chunk: one until it is known how long they take, then about 100 ms of work.</summary>
internal sealed class ChunkSizer
{
    /// <summary>Most bytes of a chunk's items, unless one item has more.</summary>
    public const int MaxBytes = 256 * 1024;

    private const double TargetMicroseconds = 100_000;
    private const int MaxItems = 1000;
    private double average = -1;

    /// <summary>How many items make one where there are enough.</summary>
    public int Target => average < 0 ? 1 : Math.Clamp((int)(TargetMicroseconds / Math.Max(average, 1)), 1, MaxItems);

    /// <summary>How many items make one.</summary>
    /// <param name="waiting">How many there are.</param>
    /// <param name="slots">How many items run at once.</param>
    // The last ones are to be shared by all.
    public int Next(int waiting, int slots) => Math.Clamp((waiting + slots - 1) / slots, 1, Target);

    /// <summary>An item has ended.</summary>
    public void Note(TimeSpan duration) => average = average < 0 ? duration.TotalMicroseconds : (average * 0.9) + (duration.TotalMicroseconds * 0.1);
}
