using System.Collections.Concurrent;
using QueueLog.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.History;
using QueueLog.Queue.Logs;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Queue.Hosts;

/// <param name="Incarnation">The life of the host.</param>
/// <param name="Number">How many runs it had begun to work for.</param>
internal readonly record struct HostLife(string Incarnation, int Number);

/// <summary>What a host does for one run: has workers, takes chunks as there is room, and appends what comes of them.</summary>
internal sealed class HostedRun
{
    // Beyond it nobody will read the definition either.
    private const long MaxDefinition = 1L << 30;
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    // Of a log that nobody will read, or that a silent server does not take: it is in the spool for the host's next start.
    private static readonly TimeSpan AbortedLogTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FlushPause = TimeSpan.FromMilliseconds(100);

    private readonly IQueueEngine engine;
    private readonly IQueueRun run;
    private readonly HostOptions options;
    private readonly HostSlots slots;
    private readonly HostLife life;

    // Ends the pulling, and the appends: the first when the run or the host ends, the second when it must end at once.
    private readonly CancellationTokenSource pulling = new();
    private readonly CancellationTokenSource aborting = new();
    private volatile RunEntry entry;
    private readonly ConcurrentDictionary<string, bool> chunks = new(StringComparer.Ordinal);
    private volatile ChunkReports? reports;
    private volatile HostLog? hostLog;
    private volatile IItemRun? localRun;
    private volatile bool isStopping;

    public HostedRun(IQueueEngine engine, string name, RunEntry entry, HostOptions options, HostSlots slots, HostLife life)
    {
        this.engine = engine;
        this.entry = entry;
        this.options = options;
        this.slots = slots;
        this.life = life;
        Name = name;
        run = engine.OpenRun(name);
        Completion = Task.Run(RunAsync);
    }

    public string Name { get; }

    /// <summary>Completes when the host has done with the run.</summary>
    public Task Completion { get; }

    /// <summary>Why the host takes no part in it, or no more; null while it does.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Names of the chunks that it has: from before it claims one until the end is in the history.</summary>
    public string[] Chunks => [.. chunks.Keys];

    /// <summary>Whether it has ended, and there is a submitter that goes on with the run.</summary>
    public bool IsToBegin(RunEntry present) => Completion.IsCompleted && Refusal is null && present.State == HostedRunState.Open && present.Submitter != entry.Submitter;

    /// <summary>The submitter has changed the entry of the run, or removed it.</summary>
    public void Apply(RunEntry? changed)
    {
        if (changed is null)
        {
            // Nobody will read what comes of it.
            localRun?.Halt(HaltMode.Now);
            aborting.Cancel();
            pulling.Cancel();
            return;
        }

        var former = entry;
        entry = changed;
        if (changed.LogLevel != former.LogLevel)
        {
            hostLog?.ChangeLevel(() => entry.LogLevel);
        }

        foreach (var stop in changed.Stops.Where(stop => !former.Stops.Contains(stop)))
        {
            localRun?.TryStop(stop.Item);
        }

        if (changed.State != HostedRunState.Open)
        {
            pulling.Cancel();
        }

        if (changed.State != former.State && changed.State is HostedRunState.HaltingSoon or HostedRunState.HaltingNow)
        {
            localRun?.Halt(changed.State == HostedRunState.HaltingNow ? HaltMode.Now : HaltMode.Soon);
        }
    }

    /// <summary>Ends the work for the run: what is under way may finish within the grace, what was not begun is given back.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        // Before the reports are looked for: whoever makes them looks at this behind it.
        isStopping = true;
        reports?.BeginStop();
        await pulling.CancelAsync().ConfigureAwait(false);
        localRun?.Halt(HaltMode.Soon);
        if (!await new WaitLimit(grace).CompletesAsync(Completion).ConfigureAwait(false))
        {
            localRun?.Halt(HaltMode.Now);
            if (!await new WaitLimit(entry.Grace + EndTimeout).CompletesAsync(Completion).ConfigureAwait(false))
            {
                // The server does not answer, or has no room: nobody hears how it ended.
                await aborting.CancelAsync().ConfigureAwait(false);
                await Completion.ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            if (await QueueCall.RepeatAsync(() => run.GetBlobAsync(RunEntry.DefinitionBlob, MaxDefinition, aborting.Token), aborting.Token).ConfigureAwait(false) is not { } content)
            {
                return;
            }

            var definition = WorkCodec.ReadDefinition(content);
            var exits = new KnownExits();
            var log = entry.LogLevel is { } level
                ? await HostLog.StartAsync(engine, run, new HostLogOptions { Host = options.Name, Incarnation = life.Incarnation, Root = options.LogRoot, MinimumLevel = level, IncludeCaller = entry.IncludeCaller, Exits = exits }).ConfigureAwait(false)
                : null;
            hostLog = log;

            // It may have been changed before there was anyone to tell.
            log?.ChangeLevel(() => entry.LogLevel);
            try
            {
                await WorkAsync(new HostRun(Name, definition, entry) { ListenerAddress = log?.Address, Exits = exits, Slots = options.Slots }).ConfigureAwait(false);
            }
            finally
            {
                hostLog = null;
                await (log?.StopAsync(aborting.IsCancellationRequested ? AbortedLogTimeout : LogTimeout) ?? Task.CompletedTask).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is QueueException { Fault: QueueFault.Gone } or OperationCanceledException)
        {
            // The run was deleted.
        }
        catch (Exception e) when (e is QueueException or IOException or UnauthorizedAccessException or WorkerHostNotFoundException or ProtocolException or InvalidDataException or ObjectDisposedException)
        {
            Refuse(e.Message);
        }
    }

    private async Task WorkAsync(HostRun hosted)
    {
        var pool = options.StartPool(hosted);
        try
        {
            var runOptions = new RunOptions { ItemTimeout = entry.ItemTimeout, Grace = entry.Grace, ReportsEnds = true, ShowsStreams = entry.ShowsStreams };
            var local = pool.TryBegin(hosted.Definition, runOptions) ?? throw new InvalidDataException("The host's pool is at another run.");
            localRun = local;
            if (!await IsReadyAsync(pool).ConfigureAwait(false))
            {
                local.CompleteAdding();
                await DrainAsync(local).ConfigureAwait(false);
                return;
            }

            var notesWriter = new HistoryWriter(run, HostNotes.NameOf(life), HistoryWriter.NewClaim(options.Name, life.Incarnation));
            await notesWriter.TryClaimAsync(await QueueCall.OfferAsync(run, notesWriter.Name, new ChunkOffer(life.Incarnation, []), aborting.Token).ConfigureAwait(false), aborting.Token).ConfigureAwait(false);
            var notes = new ChunkReport(notesWriter, static () => { }, aborting.Token);
            var gathered = new ChunkReports(options.Name, notes, chunk => _ = ReleaseAsync(chunk), options.Time);
            reports = gathered;
            if (isStopping)
            {
                gathered.BeginStop();
            }

            var reading = ReadAsync(local, gathered);
            await new ChunkTaker(run, options, slots, chunks, gathered, (pool, local), () => entry.Submitter, life.Incarnation, aborting.Token).TakeAsync(pulling.Token).ConfigureAwait(false);
            if (entry.State is HostedRunState.HaltingSoon or HostedRunState.HaltingNow || isStopping)
            {
                // What was claimed while it was being halted.
                local.Halt(entry.State == HostedRunState.HaltingNow ? HaltMode.Now : HaltMode.Soon);
            }

            local.CompleteAdding();
            await reading.ConfigureAwait(false);
            gathered.EndAll(local.Failure is { } failure and not RunHalted ? $"was on host {options.Name}, whose workers failed" : $"was on host {options.Name}, which stopped");
            notes.End(EndReason.Done);
            await gathered.AppendedAsync().ConfigureAwait(false);
            if (local.Failure is { } why and not RunHalted)
            {
                Refuse(options.DescribeFailure(why));
            }
        }
        finally
        {
            localRun = null;
            await (aborting.IsCancellationRequested ? pool.KillAsync() : pool.StopAsync()).ConfigureAwait(false);
        }
    }

    // A chunk that is claimed before it is known whether workers can do it at all would be lost on a host that lacks a module.
    private async Task<bool> IsReadyAsync(WorkerPool pool)
    {
        await Task.WhenAny(pool.Prepared, pool.Completion, Task.Delay(Timeout.Infinite, pulling.Token)).ConfigureAwait(false);
        if (pool.Failure is { } failure)
        {
            Refuse(options.DescribeFailure(failure));
        }

        return pool.Prepared.IsCompleted && Refusal is null;
    }

    private static async Task ReadAsync(IItemRun local, ChunkReports gathered)
    {
        using var end = new CancellationTokenSource();
        var flushing = FlushLoopAsync(gathered, end.Token);
        await foreach (var workEvent in local.Events.ReadAllAsync().ConfigureAwait(false))
        {
            gathered.Apply(workEvent);
        }

        await end.CancelAsync().ConfigureAwait(false);
        await flushing.ConfigureAwait(false);
    }

    private static async Task FlushLoopAsync(ChunkReports gathered, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            gathered.FlushDue();
            await Task.WhenAny(Task.Delay(FlushPause, cancellation)).ConfigureAwait(false);
        }
    }

    private static async Task DrainAsync(IItemRun local)
    {
        await foreach (var workEvent in local.Events.ReadAllAsync().ConfigureAwait(false))
        {
            (workEvent as WorkResults)?.Frame.Dispose();
        }
    }

    private async Task ReleaseAsync(HeldChunk chunk)
    {
        await chunk.Report.Appended.ConfigureAwait(false);
        chunks.TryRemove(chunk.Report.Name, out _);
        slots.Release(chunk.Slot);
    }

    private void Refuse(string reason)
    {
        Refusal ??= reason;
        options.Failures.Report($"run {Name}", FailureSeverity.Permanent, $"The host {options.Name} takes no part in it: {reason}");
    }
}
