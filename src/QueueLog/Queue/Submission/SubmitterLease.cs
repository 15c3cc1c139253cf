using QueueLog.Records;
using QueueLog.Sinks;

namespace QueueLog.Queue.Submission;

/// <summary>The entry of a run in the table of runs: what hosts are to do, and that its submitter lives. Whoever changes it otherwise has taken the run over.</summary>
/// <param name="table">The table.</param>
/// <param name="run">The run.</param>
/// <param name="first">What the entry says first.</param>
/// <param name="interval">How often the submitter says that it lives.</param>
/// <param name="time">The clock.</param>
internal sealed class SubmitterLease(IQueueTable table, string run, RunEntry first, TimeSpan interval, TimeProvider time)
{
    // Of several changes within a moment, hosts may see only the last.
    private const int MostStops = 64;

    private readonly SemaphoreSlim writing = new(1);

    // Guards the entry, which is changed while another state of it is being written.
    private readonly object gate = new();
    private readonly TaskCompletionSource<RunEntry?> superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunEntry entry = first;
    private long revision;
    private long renewed = time.GetTimestamp();

    /// <summary>Told of each answer of the server.</summary>
    public event Action? Answered;

    /// <summary>Told of each fault by which the server does not hear that the submitter lives.</summary>
    public event Action<QueueException>? Faulted;

    /// <summary>Completes when another submitter has the run, with its entry.</summary>
    public Task<RunEntry?> Superseded => superseded.Task;

    /// <summary>Writes the entry the first time.</summary>
    /// <param name="former">Revision of the entry that it takes the place of; 0 for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when another was faster.</returns>
    public Task<bool> TryTakeAsync(long former, CancellationToken cancellation) => QueueCall.RepeatAsync(() => WriteAsync(former, cancellation), cancellation);

    /// <summary>Changes what hosts are to do.</summary>
    /// <exception cref="QueueException">The server does not allow it.</exception>
    public Task SetAsync(HostedRunState state, CancellationToken cancellation) => ChangeAsync(present => present with { State = state > present.State ? state : present.State }, cancellation);

    /// <summary>Says that nobody is at the run any more, and another submitter may go on with it.</summary>
    /// <inheritdoc cref="SetAsync"/>
    public Task LeaveAsync(CancellationToken cancellation) => ChangeAsync(static present => present with { Pid = 0, ProcessStart = -1 }, cancellation);

    /// <summary>Changes the lowest level that hosts send; nothing happens where they send no records.</summary>
    /// <inheritdoc cref="SetAsync"/>
    public Task SetLevelAsync(LogLevel level, CancellationToken cancellation) => ChangeAsync(present => present with { LogLevel = present.LogLevel is null ? null : level }, cancellation);

    /// <summary>Returns when the run is this submitter's for some seconds more: one that was frozen must not offer what another has taken back.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (time.GetElapsedTime(Interlocked.Read(ref renewed)) > 2 * interval)
        {
            await QueueCall.RepeatAsync(() => RenewAsync(cancellation), cancellation).ConfigureAwait(false);
        }

        if (superseded.Task.IsCompleted)
        {
            throw new OperationCanceledException("Another submitter has the run.");
        }
    }

    /// <summary>Says again and again that the submitter lives.</summary>
    public async Task RenewLoopAsync(CancellationToken cancellation)
    {
        var pause = default(RetryPause);
        var wait = interval;
        while (!cancellation.IsCancellationRequested && !superseded.Task.IsCompleted)
        {
            try
            {
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
                await RenewAsync(cancellation).ConfigureAwait(false);
                (pause, wait) = (default, interval);
            }
            catch (OperationCanceledException)
            {
            }
            catch (QueueException e)
            {
                Faulted?.Invoke(e);

                // Not the interval on top: whether the server answers is known from this.
                wait = pause.Next();
            }
        }
    }

    /// <summary>Asks an item to stop, wherever it is under way.</summary>
    /// <inheritdoc cref="SetAsync"/>
    public Task StopAsync(long item, CancellationToken cancellation) => ChangeAsync(
        present => present with { Stops = [.. present.Stops.TakeLast(MostStops - 1), new ItemStop(present.Stops.LastOrDefault().Number + 1, item)] },
        cancellation);

    private async Task ChangeAsync(Func<RunEntry, RunEntry> change, CancellationToken cancellation)
    {
        lock (gate)
        {
            var changed = change(entry);
            if (changed == entry)
            {
                return;
            }

            entry = changed;
        }

        await QueueCall.RepeatAsync(() => RenewAsync(cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        if (!await WriteAsync(null, cancellation).ConfigureAwait(false) && !superseded.Task.IsCompleted)
        {
            var present = await table.GetAsync(run, cancellation).ConfigureAwait(false);
            superseded.TrySetResult(present is null ? null : RunEntry.Decode(present.Value.Span));
        }
    }

    private async Task<bool> WriteAsync(long? former, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (former is null && revision == 0)
            {
                // The first time is to come, and says it, too.
                return true;
            }

            var begun = time.GetTimestamp();
            var told = Beat();
            var written = await table.TryUpdateAsync(run, told.Encode(), former ?? revision, cancellation).ConfigureAwait(false);
            if (written is null && await table.GetAsync(run, cancellation).ConfigureAwait(false) is { } present && RunEntry.Decode(present.Value.Span)?.Submitter == told.Submitter)
            {
                // An earlier attempt of ours, whose answer was lost.
                revision = present.Revision;
                written = await table.TryUpdateAsync(run, told.Encode(), revision, cancellation).ConfigureAwait(false);
            }

            if (written is { } now)
            {
                revision = now;
                Interlocked.Exchange(ref renewed, begun);
                Answered?.Invoke();
            }

            return written is not null;
        }
        finally
        {
            writing.Release();
        }
    }

    private RunEntry Beat()
    {
        lock (gate)
        {
            return entry = entry with { Beat = entry.Beat + 1, Alive = time.GetUtcNow() };
        }
    }
}
