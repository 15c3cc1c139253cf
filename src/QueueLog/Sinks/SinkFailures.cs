using QueueLog.Diagnostics;

namespace QueueLog.Sinks;

/// <summary>Counts what fails at one sink, and reports each kind of failure once until the sink works again. Thread-safe.</summary>
internal sealed class SinkFailures(string name, FailureLog failures)
{
    private readonly object gate = new();

    // Kinds reported since the sink last worked: each is worth one report, not one per record.
    private readonly HashSet<(string Deed, Type Kind)> reported = [];
    private long count;

    /// <summary>How often it failed, reported or not.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Something went wrong.</summary>
    /// <param name="deed">What was tried: "write to".</param>
    /// <param name="severity">What it means.</param>
    /// <param name="exception">Why.</param>
    /// <returns>What was reported; null when this kind has been reported already.</returns>
    public string? Report(string deed, FailureSeverity severity, Exception exception)
    {
        Interlocked.Increment(ref count);
        lock (gate)
        {
            if (!reported.Add((deed, exception.GetType())))
            {
                return null;
            }
        }

        var message = $"Could not {deed} '{name}': {exception.Message}";
        failures.Report(name, severity, message, exception);
        return message;
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
