using System.Collections.Concurrent;
using System.Globalization;
using QueueLog.Diagnostics;

namespace QueueLog.Sinks.Queued;

/// <summary>What became of the records a sink's thread was given, and what is to be told of that. Thread-safe.</summary>
internal sealed class SinkMetrics
{
    private readonly object gate = new();
    private readonly SinkFailures failed;
    private readonly ConcurrentQueue<SinkEvent> events = new();
    private bool failing;
    private bool closed;
    private long written;
    private long filtered;
    private long lost;
    private long failedCount;

    public SinkMetrics(string name, FailureLog failures)
    {
        Name = name;
        Log = failures;
        failed = new SinkFailures(name, failures) { Failed = CountFailure };
    }

    /// <summary>What the sink is called in reports.</summary>
    public string Name { get; }

    /// <summary>Where they go.</summary>
    public FailureLog Log { get; }

    /// <summary>Wakes whoever writes the log.</summary>
    public Action? OnEvent { get; set; }

    public long Written => Interlocked.Read(ref written);

    public long Filtered => Interlocked.Read(ref filtered);

    /// <summary>Records that it did not take, whatever it was given.</summary>
    public long Lost => Interlocked.Read(ref lost);

    public long Failed => Interlocked.Read(ref failedCount);

    /// <summary>Records of which it is known what became of them.</summary>
    public long Accounted
    {
        get
        {
            lock (gate)
            {
                return written + filtered + lost;
            }
        }
    }

    public bool TryDequeueEvent(out SinkEvent next) => events.TryDequeue(out next);

    /// <summary>So many records are written.</summary>
    public void CountWritten(long records) => Count(ref written, records);

    /// <summary>So many records were not wanted.</summary>
    public void Filter(long records) => Count(ref filtered, records);

    /// <summary>So many records were refused.</summary>
    public void CountLost(long records) => Count(ref lost, records);

    /// <summary>Something went wrong that is reported already.</summary>
    /// <param name="message">What the log is to say of it; null for nothing.</param>
    public void CountFailure(string? message)
    {
        Interlocked.Increment(ref failedCount);
        if (message is not null)
        {
            Report(new SinkEvent(0, message));
        }
    }

    /// <summary>Something went wrong.</summary>
    /// <param name="verb">What was tried: "write to".</param>
    /// <param name="severity">What it means.</param>
    /// <param name="exception">Why.</param>
    /// <param name="lost">Records that will not be written because of it.</param>
    public void Fail(string verb, FailureSeverity severity, Exception exception, long lost)
    {
        CountLost(lost);
        lock (gate)
        {
            failing = true;
        }

        failed.Report(verb, severity, exception);
    }

    /// <summary>The sink has no more room.</summary>
    public void FallBehind() =>
        Log.Report(Name, FailureSeverity.Permanent, $"'{Name}' does not take what it is given: records are left out there until it has caught up.");

    /// <summary>The sink has caught up, and lacks so many records.</summary>
    public void CatchUp(long records)
    {
        Log.Report(Name, FailureSeverity.Permanent, $"{CountOf(records)} left out of '{Name}', which was behind and has caught up.");
        Report(new SinkEvent(records, null));
    }

    /// <summary>The listener has ended, and the sink lacks so many records.</summary>
    public void LackAtEnd(long records, Exception? cause)
    {
        Log.Report(Name, FailureSeverity.Final, $"{CountOf(records)} left out of '{Name}' at the end: it did not take {(records == 1 ? "it" : "them")} in time.", cause);
        Report(new SinkEvent(records, null, IsAtEnd: true));
    }

    /// <summary>A block is done with: one without a failure shows that the sink works again.</summary>
    public void EndBlock()
    {
        lock (gate)
        {
            if (!failing)
            {
                failed.Forget();
            }

            failing = false;
        }
    }

    /// <summary>Ends the counts: what a thread that was given up still does is none of them.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }
    }

    private void Count(ref long count, long more)
    {
        lock (gate)
        {
            if (!closed)
            {
                Interlocked.Add(ref count, more);
            }
        }
    }

    public static string CountOf(long records) =>
        string.Create(CultureInfo.InvariantCulture, $"{records} {(records == 1 ? "record was" : "records were")}");

    private void Report(SinkEvent sinkEvent)
    {
        events.Enqueue(sinkEvent);
        OnEvent?.Invoke();
    }
}

/// <summary>What the log is to be told of a sink.</summary>
/// <param name="Lost">Records that were left out; 0 for a failure.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="IsAtEnd">Whether they were left out because the listener ended, and not because the sink was behind.</param>
internal readonly record struct SinkEvent(long Lost, string? Failure, bool IsAtEnd = false);
