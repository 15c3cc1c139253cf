namespace QueueLog.Diagnostics;

/// <summary>Where QueueLog reports its own troubles: the last hundred, and how many there were. Thread-safe.</summary>
internal sealed class FailureLog(TimeProvider? time = null)
{
    public const int Capacity = 100;

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly object gate = new();
    private readonly Queue<Failure> failures = [];
    private long count;

    /// <summary>Raised on the thread that reports, for every failure. What a handler throws is ignored: there is nowhere left to report it.</summary>
    public event Action<Failure>? Reported;

    /// <summary>Failures reported so far, those no longer kept included.</summary>
    public long Count => Interlocked.Read(ref count);

    public void Report(string source, FailureSeverity severity, string message, Exception? exception = null)
    {
        var failure = new Failure(time.GetLocalNow(), source, severity, message, exception);
        lock (gate)
        {
            if (failures.Count == Capacity)
            {
                failures.Dequeue();
            }

            failures.Enqueue(failure);
            Interlocked.Increment(ref count);
        }

        foreach (var handler in Reported?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<Failure>)handler)(failure);
            }
            catch (Exception)
            {
            }
        }
    }

    /// <summary>The failures still kept, oldest first.</summary>
    public IReadOnlyList<Failure> GetRecent()
    {
        lock (gate)
        {
            // An array, since scripts have it: of the type that a collection expression makes, PowerShell finds no indexer.
            return failures.ToArray();
        }
    }
}
