using System.Collections.Concurrent;
using QueueLog.Diagnostics;

namespace QueueLog.Sinks.Queued;

/// <summary>What became of the records a sink's thread was given, and what is to be told of that. Thread-safe.</summary>
internal sealed class SinkMetrics(string name, FailureLog failures)
{
    private readonly object gate = new();
    private readonly SinkFailures sinkFailures = new(name, failures);
    private readonly ConcurrentQueue<SinkEvent> news = new();
    private bool failing;
    private bool closed;
    private long written;
    private long filtered;
    private long lost;

    /// <summary>Wakes whoever tells the log.</summary>
    public Action? Told { get; set; }

    public long Written => Interlocked.Read(ref written);

    public long Filtered => Interlocked.Read(ref filtered);

    /// <summary>Records that it did not take, whatever it was given.</summary>
    public long Lost => Interlocked.Read(ref lost);

    public long Failed => sinkFailures.Count;

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

    public bool TryDequeueNews(out SinkEvent next) => news.TryDequeue(out next);

    /// <summary>So many records are written.</summary>
    public void CountWritten(long records) => Count(ref written, records);

    /// <summary>So many records were not wanted.</summary>
    public void Filter(long records) => Count(ref filtered, records);

    /// <summary>Something went wrong.</summary>
    /// <param name="deed">What was tried: "write to".</param>
    /// <param name="severity">What it means.</param>
    /// <param name="exception">Why.</param>
    /// <param name="lost">Records that will not be written because of it.</param>
    public void Fail(string deed, FailureSeverity severity, Exception exception, long lost)
    {
        Count(ref this.lost, lost);
        lock (gate)
        {
            failing = true;
        }

        if (sinkFailures.Report(deed, severity, exception) is { } message)
        {
            Report(new SinkEvent(0, message));
        }
    }

    /// <summary>The sink has caught up, and lacks so many records.</summary>
    public void CatchUp(long records)
    {
        failures.Report(name, FailureSeverity.Permanent, $"{ConsoleOutput.CountOf(records)} left out of '{name}', which was behind and has caught up.");
        Report(new SinkEvent(records, null));
    }

    /// <summary>The listener has ended, and the sink lacks so many records.</summary>
    public void LackAtEnd(long records, Exception? cause)
    {
        failures.Report(name, FailureSeverity.Final, $"{ConsoleOutput.CountOf(records)} left out of '{name}' at the end: it did not take {(records == 1 ? "it" : "them")} in time.", cause);
        Report(new SinkEvent(records, null, IsAtEnd: true));
    }

    /// <summary>A block is done with: one without a failure shows that the sink works again.</summary>
    public void EndBlock()
    {
        lock (gate)
        {
            if (!failing)
            {
                sinkFailures.Forget();
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

    private void Report(SinkEvent told)
    {
        news.Enqueue(told);
        Told?.Invoke();
    }
}

/// <summary>What the log is to be told of a sink.</summary>
/// <param name="Lost">Records that were left out; 0 for a failure.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="IsAtEnd">Whether they were left out because the listener ended, and not because the sink was behind.</param>
internal readonly record struct SinkEvent(long Lost, string? Failure, bool IsAtEnd = false);
