using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks.Queued;

/// <summary>Writes the records of a block into a file or onto a console, again and again while that fails.</summary>
internal sealed class TextTarget(IRecordSink sink, SinkCodeSession? code, SinkMetrics metrics) : ISinkTarget
{
    // Between two looks at whether old files are compressed, at the end.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly SinkGuard guard = new(sink, metrics.Name, LogLevel.Trace, metrics.Log) { OnFailure = metrics.CountFailure };
    private long written;

    public bool HasCode => code is not null;

    public bool WantsCaller => sink.WantsCaller;

    public bool WantsProperties => HasCode || sink.WantsProperties;

    public long Lost => sink.Lost;

    public bool Write(ReadOnlySpan<byte> block, SinkQueue queue)
    {
        var verdicts = code?.Filter is { } filter ? filter.Judge(RecordSelection.Read(block), metrics) : null;
        for (var index = 0; RecordCodec.TryRead(ref block, RecordSelection.Nobody, out var record); index++)
        {
            if (verdicts is not null && !verdicts[index])
            {
                metrics.Filter(1);
                continue;
            }

            guard.Write(in record);
            if (!guard.TookLast)
            {
                metrics.CountLost(1);
            }
            else if (guard.NeedsRoll)
            {
                if (!Flush(withoutLast: true, queue))
                {
                    return false;
                }

                guard.Roll();
            }
        }

        return Flush(withoutLast: false, queue);
    }

    public void MarkGap(long records)
    {
        if (sink is ConsoleWriter console)
        {
            // If that fails it stands before the next record.
            console.MarkGap(records);
            guard.Flush();
        }
    }

    public void Drain(SinkQueue queue)
    {
        while (!guard.WhenIdle.IsCompleted && queue.Pause(LookAgain))
        {
        }
    }

    public void Stop() => code?.Stop?.Invoke();

    public void Dispose()
    {
        guard.Dispose();
        code?.End?.Invoke();
    }

    /// <returns>False when it was given up.</returns>
    private bool Flush(bool withoutLast, SinkQueue queue)
    {
        var pause = default(RetryPause);
        while (!guard.Flush(withoutLast))
        {
            // A disk may get room while an end waits; a console that is gone does not come back.
            queue.Fail(guard.LastFailure!);
            if (!queue.Pause(pause.Next(), untilClosed: !guard.IsWorthWaiting))
            {
                return false;
            }
        }

        metrics.CountWritten(guard.Flushed - written);
        written = guard.Flushed;
        return true;
    }
}
