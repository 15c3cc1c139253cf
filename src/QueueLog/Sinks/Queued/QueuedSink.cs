using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Wire;

namespace QueueLog.Sinks.Queued;

/// <summary>A sink behind a queue and on a thread of its own, so that its slowness and its failures are nobody else's.</summary>
// Write and Flush are the dispatcher's: they copy records. What became of these the thread counts.
internal sealed class QueuedSink : IRecordSink
{
    // A longer batch goes over in parts, so that the sink is busy with the first while the next is copied. Shorter ones are joined
    // while they wait: a pipeline for each would cost a script more than its records do.
    private const int MaxBlock = 64 * 1024;

    // What was stopped by force gets so long to end. A console that nobody reads will not.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ISinkTarget target;
    private readonly SinkQueue queue;
    private readonly ByteWriter pending = new();
    private int pendingEntries;
    private long taken;
    private long lostAtEnd;
    private int closed;

    /// <param name="kind">What it is.</param>
    /// <param name="target">What does the work; disposed on the sink's thread.</param>
    /// <param name="room">Its queue.</param>
    /// <param name="metrics">Its name and counts, and those of the target.</param>
    public QueuedSink(SinkKind kind, ISinkTarget target, SinkQueueOptions room, SinkMetrics metrics)
    {
        this.target = target;
        Kind = kind;
        Metrics = metrics;
        queue = new SinkQueue(room with { JoinUpTo = MaxBlock }, Run);
    }

    public string Name => Metrics.Name;

    public SinkKind Kind { get; }

    /// <summary>Address of its listener.</summary>
    public string Address { get; init; } = "";

    public SinkMetrics Metrics { get; }

    /// <summary>Whether the log says what went wrong here. Default: yes.</summary>
    public bool ReportsToLog { get; init; } = true;

    /// <inheritdoc cref="ISinkTarget.HasCode"/>
    public bool HasCode => target.HasCode;

    public bool WantsCaller => target.WantsCaller;

    public bool WantsProperties => target.WantsProperties;

    /// <summary>Records it was given.</summary>
    public long Taken => Interlocked.Read(ref taken);

    public long Lost => queue.Lost + Metrics.Lost + target.Lost + Interlocked.Read(ref lostAtEnd);

    public long Written => Metrics.Written - target.Lost;

    /// <summary>Whether it leaves out what it is given at present. Read by any thread.</summary>
    public bool IsBehind => queue.IsBehind || queue.IsFailing;

    /// <summary>Set while something is written that it is not to be told: its own failures, which it would fail at again.</summary>
    public bool IsMuted { get; set; }

    public void Write(scoped in RecordView record)
    {
        if (IsMuted || (record.IsFromSink && target.HasCode))
        {
            return;
        }

        Interlocked.Exchange(ref taken, taken + 1);
        if (queue.CountLostIfBehind())
        {
            return;
        }

        var start = pending.Length;
        RecordCopy.Append(pending, in record);
        if (pending.Length - start > ProtocolLimits.MaxRecordLength)
        {
            // It said less of its writer where it came from.
            pending.Truncate(start);
            Metrics.Fail("hand a record to", FailureSeverity.Permanent, new InvalidDataException("it is longer than a record can be."), lost: 1);
            return;
        }

        pendingEntries++;
        if (pending.Length >= MaxBlock)
        {
            Flush();
        }
    }

    /// <summary>Hands over what was copied.</summary>
    public void Flush()
    {
        if (pendingEntries == 0)
        {
            return;
        }

        if (!queue.TryAdd(pending.Written, pendingEntries))
        {
            Metrics.FallBehind();
        }

        pending.Clear(keepCapacity: 2 * MaxBlock);
        pendingEntries = 0;
    }

    /// <summary>Waits until its thread has done with everything it was given up to now.</summary>
    public void Drain(TimeSpan timeout) => queue.Drain(timeout);

    /// <summary>Waits until everything it was given is written; what is not when the time is over is left out, and told.</summary>
    public void Close(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
        {
            return;
        }

        Flush();
        if (!queue.HasStarted)
        {
            Dispose(target);
        }
        else if (!queue.Close(timeout))
        {
            target.Stop();
            queue.GiveUp(Kind == SinkKind.Console ? TimeSpan.Zero : Grace);
        }

        // From here on its thread counts no more, if it still runs.
        Metrics.Close();
        var (_, cause) = queue.Abandon(out var untold);
        Interlocked.Exchange(ref lostAtEnd, taken - queue.Lost - Metrics.Accounted);
        if (lostAtEnd + untold > 0)
        {
            Metrics.LackAtEnd(lostAtEnd + untold, cause);
        }
    }

    public void Dispose() => Close(TimeSpan.Zero);

    private void Run(SinkQueue blocks)
    {
        if (target.HasCode)
        {
            SinkCode.Enter(Address);
        }

        while (blocks.Next(out var block, out var left))
        {
            if (left > 0)
            {
                Metrics.CatchUp(left);
                target.MarkGap(left);
                continue;
            }

            if (!WriteBlock(block))
            {
                break;
            }

            Metrics.EndBlock();
            blocks.Remove();
        }

        target.Drain(blocks);
        Dispose(target);
    }

    private bool WriteBlock(QueuedBlock block)
    {
        var before = Metrics.Accounted;
        try
        {
            return target.Write(block.Content, queue);
        }
        catch (Exception exception)
        {
            Metrics.Fail("write to", FailureSeverity.Permanent, exception, block.Entries - (Metrics.Accounted - before));
            return true;
        }
    }

    private void Dispose(ISinkTarget ended)
    {
        try
        {
            ended.Dispose();
        }
        catch (Exception exception)
        {
            Metrics.Fail("close", FailureSeverity.Final, exception, lost: 0);
        }
    }
}
