using QueueLog.Diagnostics;
using QueueLog.Wire;

namespace QueueLog.Sinks.Queued;

/// <summary>Writes the records of a block into a file or onto a console, again and again while that fails.</summary>
internal sealed class TextTarget(IRecordSink sink, SinkCodeSession? code) : ISinkTarget
{
    // Between two looks at whether old files are compressed, at the end.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly IFileSink? files = sink as IFileSink;
    private int unwritten;

    public bool HasCode => code is not null;

    public bool WantsCaller => sink.WantsCaller;

    public bool WantsProperties => HasCode || sink.WantsProperties;

    public long Lost => sink.Lost;

    public void Write(ReadOnlySpan<byte> block, SinkQueue queue, SinkMetrics metrics)
    {
        var verdicts = code?.Filter is { } filter ? filter.Judge(RecordSelection.Read(block), metrics) : null;
        for (var index = 0; RecordCodec.TryRead(ref block, RecordSelection.Nobody, out var record); index++)
        {
            if (verdicts is not null && !verdicts[index])
            {
                metrics.Filter(1);
            }
            else if (TryWrite(in record, metrics) && files is { NeedsRoll: true } && !Roll(queue, metrics))
            {
                return;
            }
        }

        Flush(withoutLast: false, queue, metrics);
    }

    public void Drain(SinkQueue queue)
    {
        while (files is { WhenIdle.IsCompleted: false } && queue.Pause(LookAgain))
        {
        }
    }

    public void Stop() => code?.Stop?.Invoke();

    public void Dispose()
    {
        sink.Dispose();
        code?.End?.Invoke();
    }

    private bool TryWrite(scoped in RecordView record, SinkMetrics metrics)
    {
        try
        {
            sink.Write(in record);
            unwritten++;
            return true;
        }
        catch (Exception exception)
        {
            metrics.Fail("write to", FailureSeverity.Permanent, exception, lost: 1);
            return false;
        }
    }

    /// <returns>False when it was given up.</returns>
    private bool Roll(SinkQueue queue, SinkMetrics metrics)
    {
        if (!Flush(withoutLast: true, queue, metrics))
        {
            return false;
        }

        try
        {
            files!.Roll();
        }
        catch (Exception exception)
        {
            metrics.Fail("roll", FailureSeverity.Temporary, exception, lost: 0);
        }

        return true;
    }

    /// <returns>False when it was given up.</returns>
    private bool Flush(bool withoutLast, SinkQueue queue, SinkMetrics metrics)
    {
        var pause = default(RetryPause);
        while (!TryFlush(withoutLast, queue, metrics))
        {
            if (!queue.Pause(pause.Next()))
            {
                return false;
            }
        }

        var left = withoutLast ? 1 : 0;
        metrics.CountWritten(unwritten - left);
        unwritten = left;
        return true;
    }

    private bool TryFlush(bool withoutLast, SinkQueue queue, SinkMetrics metrics)
    {
        try
        {
            if (files is null)
            {
                sink.Flush();
            }
            else
            {
                files.Flush(withoutLast);
            }

            return true;
        }
        catch (Exception exception)
        {
            metrics.Fail("write to", FailureSeverity.Temporary, exception, lost: 0);
            queue.Fail(exception);
            return false;
        }
    }
}
