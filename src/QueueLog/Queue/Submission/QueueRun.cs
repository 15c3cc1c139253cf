using System.Security.Cryptography;
using System.Threading.Channels;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Logs;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Queue.Submission;

/// <summary>One script over one input on the hosts of a queue. Items are added by one thread, events are read by one thread.</summary>
internal sealed class QueueRun : IItemRun
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(10);

    private readonly IQueueEngine engine;
    private readonly QueuePoolOptions options;
    private readonly RunOptions runOptions;
    private readonly WorkDefinition definition;
    private readonly HostWatch hosts;
    private readonly RunPlan plan;
    private readonly RunEvents events = new();
    private readonly RunSubmission submission;
    private readonly IQueueRun run;
    private readonly SubmitterLease lease;
    private readonly ChunkPublisher publisher;
    private readonly RunSweeper sweeper;
    private readonly RunEnding ending;
    private readonly PoolLog log;
    private readonly ServerTroubles troubles;
    private readonly CancellationTokenSource killed = new();
    private readonly string submitter = RandomNumberGenerator.GetHexString(12, lowercase: true);
    private volatile bool isOpen;

    /// <param name="engine">The queue.</param>
    /// <param name="options">Of the pool.</param>
    /// <param name="definition">What is run.</param>
    /// <param name="runOptions">How items are treated.</param>
    /// <param name="target">The hosts, and which run on the server it is.</param>
    public QueueRun(IQueueEngine engine, QueuePoolOptions options, WorkDefinition definition, RunOptions runOptions, (HostWatch Hosts, RunPlan Plan) target)
    {
        this.engine = engine;
        this.options = options;
        this.definition = definition;
        this.runOptions = runOptions;
        (hosts, plan) = target;
        log = new PoolLog(options.ListenerAddress, options.Name, options.DescribeItem);
        options.Failures.Reported += failure => log.QueueTrouble(failure.Message);
        troubles = new ServerTroubles(log, options.Time);
        submission = new RunSubmission(options, runOptions, hosts, events, log, plan.Former is not null);
        run = engine.OpenRun(plan.Name);
        lease = new SubmitterLease(engine.Runs, plan.Name, FirstEntry(), options.Heartbeat, options.Time);
        lease.Answered += hosts.Clock.NoteAnswer;
        lease.Faulted += troubles.Note;
        publisher = new ChunkPublisher(run, lease, submitter, submission.Dequeue, submission.Own, troubles.Note);
        submission.Signal = publisher.Signal;
        submission.Halted = () => Task.Run(() => TellHaltAsync(runOptions.Halt.Mode));
        sweeper = new RunSweeper(run, hosts, publisher, submission, options.Time);
        ending = new RunEnding(run, submission, lease, sweeper, hosts);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Name of the run on the server.</summary>
    public string Name => plan.Name;

    /// <summary>Completes when nothing of the run is left to do.</summary>
    public Task Completion { get; }

    /// <summary>Hosts whose records did not all come into the log; known at the end.</summary>
    public IReadOnlyList<MissingHostLog> MissingLogs { get; private set; } = [];

    /// <inheritdoc/>
    public ChannelReader<WorkEvent> Events => events.Reader;

    /// <inheritdoc/>
    public RunFailure? Failure { get; private set; }

    /// <inheritdoc/>
    public bool WasStopped { get; private set; }

    /// <inheritdoc/>
    public RunProgress Progress => submission.Read(items => new RunProgress(items.Added, items.IsComplete, items.Ended, items.Failed, Workers) { Retried = items.Retried, WorkerCount = hosts.Slots, Slowest = items.Slowest });

    /// <inheritdoc/>
    public long Expected
    {
        set => submission.Expected = value;
    }

    /// <inheritdoc/>
    public bool IsHalted => submission.IsHalted;

    /// <inheritdoc/>
    public bool HasRoom => submission.HasRoom;

    /// <summary>The hosts that take part, as workers.</summary>
    public WorkerStatus[] Workers => [.. hosts.Entries.Where(host => host.Runs.Contains(plan.Name)).Select(static host => new WorkerStatus { Name = host.Host, Pid = host.Pid, State = host.Busy > 0 ? WorkerState.Busy : WorkerState.Idle, CurrentItem = host.Busy > 0 ? $"{host.Busy} of {host.Slots} workers busy" : null, Started = host.Started })];

    internal RunSubmission Submission => submission;

    /// <inheritdoc/>
    public void Add(WorkItem item) => submission.Add(item);

    /// <inheritdoc/>
    public void AddFor(int worker, WorkItem item) => submission.Add(item);

    /// <inheritdoc/>
    public void AddUnsendable(WorkItem item, Exception reason) => submission.AddUnsendable(item, reason);

    /// <inheritdoc/>
    public void CompleteAdding() => submission.CompleteAdding();

    /// <inheritdoc/>
    public void Halt(HaltMode mode)
    {
        submission.Halt(isTimedOut: false);
        _ = TellHaltAsync(mode);
    }

    /// <inheritdoc/>
    public void TryStop(long index)
    {
        if (submission.Read(items => items.IdOf(index)) is { } id)
        {
            _ = QueueCall.TryAsync(() => lease.StopAsync(id, killed.Token));
        }
    }

    /// <summary>Ends it before its time: its reader comes to the end at once, hosts are told to stop.</summary>
    public void Stop()
    {
        WasStopped = true;
        submission.Close();
        events.Complete();
        submission.Over.TrySetResult(null);
    }

    /// <summary>Ends it without waiting for any host.</summary>
    public void Kill()
    {
        Stop();
        killed.CancelAfter(CleanupTimeout);
    }

    // Of what an earlier submitter had run, all is handed over when all items came to their end; else the next submitter would run the rest again.
    private bool IsToBeLeft => plan.Former is not null
        && (WasStopped || (Failure is not null && !(Failure is RunHalted or RunTimedOut { Unknown: 0 } && submission.HasWholeInput)));

    private RunEntry FirstEntry() => new()
    {
        Pool = options.Name,
        Version = options.Version.ToString(),
        Submitter = submitter,
        Machine = Environment.MachineName,
        Pid = Environment.ProcessId,
        ProcessStart = ProcessStart.Own,
        On = options.On,
        ItemTimeout = runOptions.ItemTimeout,
        Grace = runOptions.Grace,
        LogLevel = options.ListenerAddress is null ? null : options.LogLevel,
        IncludeCaller = options.IncludeCaller,
        ShowsStreams = runOptions.ShowsStreams,
        MaxItemsPerWorker = options.MaxItemsPerWorker,
        MaxWorkerMemory = options.MaxWorkerMemory,
    };

    private async Task RunAsync()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(killed.Token);
        var loops = new List<Task> { TickLoopAsync(ended.Token) };
        LogFeed? feed = null;
        try
        {
            await OpenAsync(killed.Token).ConfigureAwait(false);
            isOpen = true;
            feed = options.ListenerAddress is { } address ? LogFeed.Start(run, () => address, options.Failures, level => _ = QueueCall.TryAsync(() => lease.SetLevelAsync(level, killed.Token))) : null;
            loops.AddRange([hosts.WatchAsync(ended.Token), lease.RenewLoopAsync(ended.Token), WorkAsync(ended.Token), sweeper.SweepLoopAsync(ended.Token)]);
            _ = WatchLeaseAsync();
            Failure = await submission.Over.Task.WaitAsync(killed.Token).ConfigureAwait(false) ?? Failure;
            if (WasStopped || Failure is not null)
            {
                await ending.EndOpenAsync(runOptions.Grace + CleanupTimeout, killed.Token).ConfigureAwait(false);
            }

            MissingLogs = await ending.EndHostsAsync(feed, options.EndTimeout, killed.Token).ConfigureAwait(false);
        }
        catch (QueueException e)
        {
            Failure ??= new QueueFailed(e.Fault, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Killed, or another submitter has the run, which is not to be deleted then.
            Failure ??= lease.Superseded is { IsCompletedSuccessfully: true, Result: var other } ? SupersededBy(other) : null;
        }
        finally
        {
            Failure ??= WasStopped ? null : submission.HaltedBy;
            await ended.CancelAsync().ConfigureAwait(false);
            await QuietlyAsync(Task.WhenAll(loops)).ConfigureAwait(false);
            await (feed?.DisposeAsync().AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
            if (Failure is not RunSuperseded)
            {
                using var limit = new CancellationTokenSource(CleanupTimeout);
                await QueueCall.TryAsync(() => IsToBeLeft ? LeaveAsync(limit.Token) : engine.DeleteRunAsync(plan.Name, limit.Token)).ConfigureAwait(false);
            }

            await log.CloseAsync().ConfigureAwait(false);
            await new WaitLimit(TimeSpan.FromSeconds(1)).CompletesAsync(WasStopped ? Task.CompletedTask : events.PostedAsync()).ConfigureAwait(false);
            events.Complete();
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        await QueueCall.RepeatAsync(() => engine.CreateRunAsync(plan.Name, cancellation), cancellation, waitsForRoom: false).ConfigureAwait(false);
        var output = new ByteWriter();
        WorkCodec.WriteDefinition(output, definition with { Id = 1 });
        var content = output.Detach();
        await QueueCall.RepeatAsync(() => run.PutBlobAsync(RunEntry.DefinitionBlob, content, cancellation), cancellation).ConfigureAwait(false);
        if (!await lease.TryTakeAsync(plan.Former?.Revision ?? 0, cancellation).ConfigureAwait(false))
        {
            Failure = SupersededBy(null);
            throw new OperationCanceledException("Another submitter was faster.");
        }
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        try
        {
            var former = plan.Former is null ? null : await QueueCall.RepeatAsync(() => FormerRun.ReadAsync(run, submitter, options.RetriesFailed, cancellation), cancellation).ConfigureAwait(false);
            var loops = new List<Task>();
            if (former is not null)
            {
                submission.Resume(former);
                loops.Add(ReadFormerAsync(former, cancellation));
            }

            loops.Add(publisher.PublishLoopAsync(cancellation));
            loops.Add(new HistoryReader(run, options.Failures, chunk => former?.Has(chunk) != true).FollowAsync(submission.ApplyAsync, static () => false, cancellation));
            while (loops.Count > 0)
            {
                var first = await Task.WhenAny(loops).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                loops.Remove(first);
            }
        }
        catch (QueueException e)
        {
            submission.Over.TrySetResult(new QueueFailed(e.Fault, e.Message));
        }
    }

    // What comes of an item before the item itself has come would go to nobody.
    private async Task ReadFormerAsync(FormerRun former, CancellationToken cancellation)
    {
        foreach (var chunk in former.Unclaimed)
        {
            await QueueCall.RepeatAsync(() => sweeper.EndAsync(chunk, cancellation), cancellation).ConfigureAwait(false);
        }

        await submission.Complete.Task.WaitAsync(cancellation).ConfigureAwait(false);
        submission.OwnFormer(former);
        await new HistoryReader(run, options.Failures, former.Has).FollowAsync(submission.ApplyAsync, () => submission.HasEnded(former), cancellation).ConfigureAwait(false);
    }

    // Asks nobody, so that it says in time what a silent server does to the run.
    private async Task TickLoopAsync(CancellationToken cancellation)
    {
        HostWait? hostWait = null;
        WaitLimit? stopping = null;
        var overdue = runOptions.RunTimeout is { } limit ? new WaitLimit(limit + runOptions.Grace + CleanupTimeout, options.Time) : null;
        while (!cancellation.IsCancellationRequested)
        {
            await QuietlyAsync(Task.Delay(Tick, options.Time, cancellation)).ConfigureAwait(false);
            publisher.Signal();
            troubles.Watch(hosts.IsAnswered, engine.Connection.Refusal);
            if (submission.Read(static items => items.IsOverdue))
            {
                log.Halted($"it took longer than {runOptions.RunTimeout}");
                submission.Halt(isTimedOut: true);
                _ = TellHaltAsync(HaltMode.Now);
            }

            stopping ??= WasStopped ? new WaitLimit(runOptions.Grace + CleanupTimeout, options.Time) : null;
            var isLate = overdue?.IsOver() == true;
            isLate |= stopping?.IsOver() == true;
            if (isLate && !hosts.IsAnswered)
            {
                // What hosts have nobody can stop.
                await killed.CancelAsync().ConfigureAwait(false);
            }

            hostWait ??= isOpen ? new HostWait(options, hosts, plan.Name) : null;
            if (!submission.HasHost && hostWait?.IsOver() == true && submission.Read(static items => items.Added > 0))
            {
                submission.Over.TrySetResult(new NoHostTakesPart(hosts.RefusalsOf(plan.Name)));
            }
        }
    }

    private Task LeaveAsync(CancellationToken cancellation)
    {
        log.QueueTrouble("it ended before everything that an earlier session had submitted was handed over; the rest waits on the server for -Resume");
        return lease.LeaveAsync(cancellation);
    }

    private async Task WatchLeaseAsync()
    {
        var other = await lease.Superseded.ConfigureAwait(false);
        submission.Over.TrySetResult(SupersededBy(other));
        await killed.CancelAsync().ConfigureAwait(false);
    }

    private static RunSuperseded SupersededBy(RunEntry? other) => new(other?.Machine ?? "another process");

    private Task TellHaltAsync(HaltMode mode) => ending.TellHaltAsync(mode, killed.Token);

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or QueueException)
        {
        }
    }
}
