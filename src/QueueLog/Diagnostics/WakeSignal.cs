namespace QueueLog.Diagnostics;

/// <summary>Wakes one loop that waits; a wake that nobody waits for is kept until somebody does. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private readonly SemaphoreSlim signal = new(0, 1);

    /// <summary>There may be something to do.</summary>
    public void Set()
    {
        lock (signal)
        {
            if (signal.CurrentCount == 0)
            {
                signal.Release();
            }
        }
    }

    /// <summary>Completes at the next wake.</summary>
    public Task WaitAsync(CancellationToken cancellation) => signal.WaitAsync(cancellation);

    /// <summary>Completes at the next wake, or when the time is over.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellation) => signal.WaitAsync(timeout, cancellation);
}
