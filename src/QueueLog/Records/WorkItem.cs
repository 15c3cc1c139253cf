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
}
