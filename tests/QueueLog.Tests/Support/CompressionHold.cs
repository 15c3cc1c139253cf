using QueueLog.Journal;

namespace QueueLog.Tests.Support;

/// <summary>Holds up the first compression of an old file in the middle, until it is released.</summary>
internal sealed class CompressionHold : IDisposable
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim released = new(false);
    private int parts;

    public CompressionHold() => FaultPoint.Reached = place =>
    {
        if (place == JournalFault.InCompression)
        {
            Interlocked.Increment(ref parts);
            reached.TrySetResult();
            released.Wait();
        }
    };

    /// <summary>How many parts of files have been compressed so far.</summary>
    public int Parts => Volatile.Read(ref parts);

    public Task ReachedAsync() => reached.Task.WaitAsync(TestTimeout.Limit);

    public void Release() => released.Set();

    public void Dispose()
    {
        FaultPoint.Reached = null;
        released.Set();
    }
}
