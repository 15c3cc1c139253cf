namespace QueueLog.Diagnostics;

/// <summary>Where QueueLog reports its own troubles: the last hundred, and how many there were. Thread-safe.</summary>
// Clients have a hundred of their own: whoever may connect could otherwise push out what ails the log's files.
internal sealed class FailureLog(TimeProvider? time = null)
{
    public const int Capacity = 100;

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly object gate = new();
    private readonly RecentFailures own = new(Capacity);
    private readonly RecentFailures clients = new(Capacity);
    private long count;

    /// <summary>Raised on the thread that reports, for every failure. What a handler throws is ignored: there is nowhere left to report it.</summary>
    public event Action<Failure>? Reported;

    /// <summary>Failures reported so far, those no longer kept included.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Reports a trouble with what is QueueLog's own: a file, a sink.</summary>
    public void Report(string source, FailureSeverity severity, string message, Exception? exception = null) =>
        Report(own, source, severity, message, exception);

    /// <summary>Reports what a client has brought about, which may be anybody and may do it again and again.</summary>
    public void ReportClient(string source, FailureSeverity severity, string message, Exception? exception = null) =>
        Report(clients, source, severity, message, exception);

    /// <summary>The failures still kept, oldest first; one that came again stands where it came last.</summary>
    public IReadOnlyList<Failure> GetRecent()
    {
        lock (gate)
        {
            // An array, since scripts have it: of the type that a collection expression makes, PowerShell finds no indexer.
            return own.Kept.Concat(clients.Kept).OrderBy(kept => kept.Number).Select(kept => kept.Failure).ToArray();
        }
    }

    private void Report(RecentFailures kept, string source, FailureSeverity severity, string message, Exception? exception)
    {
        var failure = new Failure(time.GetLocalNow(), source, severity, message, exception);
        lock (gate)
        {
            failure = kept.Add(failure, Interlocked.Increment(ref count));
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
}
