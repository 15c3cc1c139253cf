using QueueLog.Diagnostics;
using QueueLog.Sinks;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>Brings a spool to the queue: one packet after the other, each until the queue has it.</summary>
// One at a time keeps their order. A packet whose fate is unknown is sent again under the same id.
internal sealed class LogForwarder
{
    /// <summary>Most bytes of a spool in a packet.</summary>
    public const int MaxPacket = 256 * 1024;

    private readonly RecordSpool spool;
    private readonly IQueueRun run;
    private readonly int longest;
    private readonly FailureLog failures;
    private readonly CancellationTokenSource stop = new();

    // What is left of the record that is under way in pieces.
    private long inRecord;
    private SpoolPosition position;

    /// <param name="spool">A spool that has been loaded.</param>
    /// <param name="run">Where to.</param>
    /// <param name="maxMessage">How many bytes a message of the queue may have.</param>
    /// <param name="failures">Told of troubles.</param>
    public LogForwarder(RecordSpool spool, IQueueRun run, int maxMessage, FailureLog failures)
    {
        this.spool = spool;
        this.run = run;
        this.failures = failures;
        longest = Math.Min(MaxPacket, maxMessage - LogPacket.MaxOverhead);
        position = spool.Sent;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Completes when it was stopped, or the run is gone.</summary>
    public Task Completion { get; }

    /// <summary>Why the queue takes nothing at present; null while it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether the run is on the server no more: nobody will read what is left.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Waits until the queue has everything that is in the spool.</summary>
    /// <returns>Whether it has; false when the time is over, or the forwarder has ended.</returns>
    public async Task<bool> HasSentAsync(WaitLimit limit)
    {
        using var end = new CancellationTokenSource();
        var sent = spool.WaitForSentAsync(end.Token);
        await limit.CompletesAsync(Task.WhenAny(sent, Completion)).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        return sent.IsCompletedSuccessfully;
    }

    /// <summary>Stops it; what the queue does not have stays in the spool.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await spool.WaitBeyondAsync(position, stop.Token).ConfigureAwait(false);
                if (Read() is not { } packet)
                {
                    failures.Report(spool.Folder, FailureSeverity.Permanent, "The spool cannot be read, and what is left in it does not reach the queue.");
                    return;
                }

                await PublishAsync(packet).ConfigureAwait(false);
                position = packet.End;
                MarkSent();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (QueueException e) when (e.Fault == QueueFault.Gone)
        {
            IsGone = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Trouble = e.Message;
            failures.Report(spool.Folder, FailureSeverity.Permanent, $"What is left in the spool does not reach the queue: {e.Message}", e);
        }
    }

    private async Task PublishAsync(LogPacket packet)
    {
        var message = packet.Encode();
        await QueueCall.InsistAsync(() => run.PublishLogAsync(spool.Host, message, packet.Id, stop.Token), Note, stop.Token).ConfigureAwait(false);
    }

    private void Note(QueueException? fault)
    {
        if (fault is not null && Trouble != fault.Message)
        {
            failures.Report(spool.Folder, FailureSeverity.Temporary, $"The queue takes no records at present; they wait in the spool: {fault.Message}", fault);
        }

        Trouble = fault?.Message;
    }

    // Within a record nothing is marked: whoever goes on from here must begin with a whole one.
    private void MarkSent()
    {
        if (inRecord > 0)
        {
            return;
        }

        try
        {
            spool.MarkSent(position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures.Report(spool.Folder, FailureSeverity.Temporary, $"It cannot be noted down what the queue has: {e.Message}", e);
        }
    }

    /// <returns>Null where the spool is nonsense.</returns>
    private LogPacket? Read()
    {
        if (spool.NextOf(position) is not var (start, length))
        {
            return null;
        }

        var isContinued = inRecord > 0;
        var wanted = Math.Min(longest, isContinued ? inRecord : length - start.Offset);
        var bytes = new byte[wanted];
        using (var file = File.OpenHandle(spool.PathOf(start.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            for (int total = 0, count; total < bytes.Length; total += count)
            {
                count = RandomAccess.Read(file, bytes.AsSpan(total), start.Offset + total);
                if (count == 0)
                {
                    return null;
                }
            }
        }

        if (isContinued)
        {
            inRecord -= bytes.Length;
        }
        else if (RecordCodec.WholeLength(bytes) is > 0 and var end)
        {
            return new LogPacket(spool.Id, position, start, IsContinued: false, bytes.AsMemory(0, end));
        }
        else if (bytes.Length < longest || RecordCodec.TotalLength(bytes) is not (> 0 and var record))
        {
            return null;
        }
        else
        {
            inRecord = record - bytes.Length;
        }

        return new LogPacket(spool.Id, position, start, isContinued, bytes);
    }
}
