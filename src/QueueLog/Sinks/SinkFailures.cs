using QueueLog.Diagnostics;

namespace QueueLog.Sinks;

/// <summary>Reports each kind of failure of a sink once until the sink works again. Thread-safe.</summary>
internal sealed class SinkFailures(string name, FailureLog failures)
{
    private readonly object gate = new();

    // Kinds reported since the sink last worked: each is worth one report, not one per record.
    private readonly HashSet<(string Verb, Type Kind)> reported = [];
    private long count;

    /// <summary>How often it failed, reported or not.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Told of each failure: what was reported, or null when this kind has been reported already.</summary>
    public Action<string?>? Failed { get; set; }

    /// <summary>Something went wrong.</summary>
    /// <param name="verb">What was tried: "write to".</param>
    /// <param name="severity">What it means.</param>
    /// <param name="exception">Why.</param>
    public void Report(string verb, FailureSeverity severity, Exception exception)
    {
        Interlocked.Increment(ref count);
        bool isNews;
        lock (gate)
        {
            isNews = reported.Add((verb, exception.GetType()));
        }

        var message = isNews ? $"Could not {verb} '{name}': {exception.Message}" : null;
        if (message is not null)
        {
            failures.Report(name, severity, message, exception);
        }

        Failed?.Invoke(message);
    }

    /// <summary>The sink works again: what fails from now on is news.</summary>
    public void Forget()
    {
        lock (gate)
        {
            reported.Clear();
        }
    }
}
