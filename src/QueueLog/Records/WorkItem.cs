namespace QueueLog.Records;

/// <summary>One input of a pool, kept by the parent until its end is known.</summary>
/// <param name="index">0-based position in the input.</param>
/// <param name="input">The input as the user gave it, for errors that must name it.</param>
/// <param name="payload">The input encoded for the way to a worker.</param>
internal sealed class WorkItem(long index, object? input, byte[] payload)
{
    public long Index { get; } = index;

    public object? Input { get; } = input;

    public byte[] Payload { get; } = payload;

    /// <summary>When it was read from the input, in UTC.</summary>
    public DateTime Queued { get; } = DateTime.UtcNow;

    // Guarded by the pool's lock from here.

    /// <summary>0-based place among the items of the run: an input that a former run has finished has an index, but no place.</summary>
    public long Position { get; set; }

    /// <summary>Number of the only worker that may run it; -1 for any.</summary>
    public int Owner { get; set; } = -1;

    /// <summary>The attempt under way, or the next: 1, 2 and so on.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Workers that died of it.</summary>
    public int Deaths { get; set; }

    /// <summary>Whether the attempt under way was told to stop: for the time it took, unless nobody wants it any more.</summary>
    public bool IsOverdue { get; set; }
}
