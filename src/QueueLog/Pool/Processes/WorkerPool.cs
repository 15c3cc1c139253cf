using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.Processes;

/// <summary>N worker processes and the one run they work at. The processes end with the pool, and the pool with this process.</summary>
internal sealed class WorkerPool : IItemPool, IPoolOwner, IAsyncDisposable
{
    private readonly WorkerCommandLine commandLine;
    private readonly PoolWatcher watcher;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // No process is started once the pool ends: who starts one, and who ends the pool, hold this.
    private readonly object endGate = new();
    private readonly Dictionary<Worker, WorkerSupervisor> supervisors = [];
    private Task ending = Task.CompletedTask;
    private volatile bool isEnding;
    private long processCount;

    /// <summary>Opens the pool's pipe; no process is started yet.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder belongs to someone else.</exception>
    public WorkerPool(WorkerPoolOptions options, WorkerCommandLine commandLine)
    {
        Options = options;
        this.commandLine = commandLine;
        Acceptor = new WorkerAcceptor(options.StartTimeout);
        try
        {
            Progress = SharedProgress.Create(Acceptor.Address, WorkerPoolOptions.MostWorkers);
        }
        catch
        {
            _ = Acceptor.DisposeAsync().AsTask();
            throw;
        }

        Log = new PoolLog(options.ListenerAddress, options.Name, options.DescribeItem);
        State = new PoolState(options) { ItemStart = Progress.ReadStart };
        watcher = new PoolWatcher(this);
        Executor = new PoolExecutor(State, Log, options, this);
        Reader = new WorkerReader(State, Executor, Progress, options.StaysWarm);
    }

    public string Name => Options.Name;

    public int Count => State.Target;

    /// <inheritdoc/>
    public string? ListenerAddress => Options.ListenerAddress;

    public bool StaysWarm => Options.StaysWarm;

    public DateTimeOffset Started { get; private set; }

    /// <inheritdoc/>
    public Task Completion => completion.Task;

    /// <summary>Completes when a worker is ready for its first run; never where none comes to that.</summary>
    public Task Prepared => State.Prepared;

    /// <inheritdoc/>
    public RunFailure? Failure { get; private set; }

    // What its supervisors and its watcher need of it.
    internal WorkerPoolOptions Options { get; }

    internal WorkerAcceptor Acceptor { get; }

    internal SharedProgress Progress { get; }

    internal PoolLog Log { get; }

    internal PoolState State { get; }

    internal PoolExecutor Executor { get; }

    internal WorkerReader Reader { get; }

    internal string Program => commandLine.Program;

    internal bool IsEnding => isEnding;

    /// <summary>Lets workers connect. A pool that stays warm starts them now, all at once, others as there is work for them.</summary>
    /// <param name="expected">How many there will be work for in any case: they start now, while that is still being described.</param>
    public void Start(int expected = 0)
    {
        Started = DateTimeOffset.Now;
        _ = Task.Run(() => Acceptor.WatchAsync(State, () => PoolDirectory.WithTexts(GetStatus(), Options.DescribeItem), TryStopItem));
        var all = State.Workers;
        foreach (var worker in StaysWarm ? all : all.AsSpan(0, Math.Min(expected, all.Length)))
        {
            Executor.Perform(State.Open(worker));
        }
    }

    /// <summary>Asks an item to stop that is under way; it ends as stopped, and the run goes on.</summary>
    /// <returns>Whether it is under way.</returns>
    private bool TryStopItem(long index)
    {
        var isUnderWay = State.TryStopItem(index, out var actions);
        Executor.Perform(actions);
        return isUnderWay;
    }

    /// <inheritdoc/>
    public IItemRun? TryBegin(WorkDefinition definition, RunOptions runOptions)
    {
        ObjectDisposedException.ThrowIf(isEnding, this);
        var run = State.TryBegin(id => new PoolRun(State, Executor, definition with { Id = id }, runOptions, Options.Time), out var actions);
        Executor.Perform(actions);
        watcher.Watch();
        return run;
    }

    /// <summary>Nobody wants some items of a run any more: those that wait are skipped, those under way are stopped within the grace.</summary>
    public void GiveUp(IItemRun run, IReadOnlySet<WorkItem> items)
    {
        Executor.Perform(State.GiveUp((PoolRun)run, items));
        watcher.Watch();
    }

    /// <inheritdoc/>
    public void Resize(int count)
    {
        ObjectDisposedException.ThrowIf(isEnding, this);
        Executor.Perform(State.Resize(count));
    }

    /// <inheritdoc/>
    public void Stop(IItemRun run)
    {
        if (run is PoolRun stopped)
        {
            Executor.Perform(State.Close(stopped, null));
        }

        if (!StaysWarm)
        {
            _ = StopAsync();
        }
    }

    /// <inheritdoc/>
    public void ReadFor(IItemRun run)
    {
        if (run is PoolRun read)
        {
            Reader.ReadFor(read);
        }
    }

    /// <inheritdoc/>
    public PoolStatus GetStatus() => State.GetStatus(Started, completion.Task.IsCompleted);

    /// <inheritdoc/>
    // What prepared the workers needs its time at the end, whatever the last run gave its items.
    public TimeSpan Grace => (State.Run?.Options.Grace, Options.Initialization?.Grace) switch
    {
        ({ } run, { } setup) => run > setup ? run : setup,
        (var run, var setup) => run ?? setup ?? RunOptions.DefaultGrace,
    };

    /// <inheritdoc/>
    public Task StopAsync() => EndAsync(FrameType.StopWork, Grace + Options.StopMargin);

    /// <inheritdoc/>
    public Task KillAsync() => EndAsync(null, TimeSpan.Zero);

    public ValueTask DisposeAsync() => new(KillAsync());

    void IPoolOwner.Start(Worker worker)
    {
        lock (endGate)
        {
            if (isEnding)
            {
                return;
            }

            if (!supervisors.TryGetValue(worker, out var supervisor))
            {
                supervisors.Add(worker, supervisor = new WorkerSupervisor(this, worker));
            }

            supervisor.Start();
        }
    }

    void IPoolOwner.Watch() => watcher.Watch();

    void IPoolOwner.RunEnded()
    {
        if (!StaysWarm)
        {
            // Without work the workers end by themselves, when what they run at their end has had its time.
            _ = EndAsync(FrameType.EndOfItems, Grace + Options.EndTimeout);
        }
    }

    /// <inheritdoc/>
    public void Fail(RunFailure failure)
    {
        if (Failure is null)
        {
            Failure = failure;
            var (errorId, reason) = Options.DescribeFailure(failure);
            Log.PoolFailed(errorId, reason);
        }

        if (State.Run is { } run)
        {
            Executor.Perform(State.Close(run, failure));
        }

        _ = KillAsync();
    }

    internal WorkerProcess NewProcess(Worker worker)
    {
        var token = WorkerAcceptor.NewToken();
        var mark = ProcessMark.OfProcess(Acceptor.Address, Interlocked.Increment(ref processCount));
        var start = commandLine.ToStartInfo(Acceptor.Address, worker.Index, token, Options.WorkingDirectory, Options.Environment, Options.Count);
        start.Environment[ProcessMark.Variable] = mark;
        if (Options.ListenerAddress is { } listener)
        {
            start.Environment["QUEUELOG_PIPE"] = listener;
        }

        return new WorkerProcess(start, token, mark, Options.Exits);
    }

    private Task EndAsync(FrameType? request, TimeSpan timeout)
    {
        lock (endGate)
        {
            if (!isEnding)
            {
                isEnding = true;
                ending = EndCoreAsync(request, timeout);
            }
            else if (request is null)
            {
                KillProcesses();
            }

            return ending;
        }
    }

    // Order: no new process, ask the present ones to end, wait for them, end those that stay, write down the end,
    // then free what they used.
    private async Task EndCoreAsync(FrameType? request, TimeSpan timeout)
    {
        await Task.Yield();
        if (request == FrameType.StopWork)
        {
            Executor.Perform(State.BeginStop());
        }

        var asked = new List<Task>();
        var content = request == FrameType.StopWork ? WorkCodec.ToStopWork(Grace) : [];
        foreach (var (_, state, phase) in State.Processes())
        {
            var process = state.OsProcess;
            if (request is { } frame && phase is ProcessPhase.Working or ProcessPhase.Cancelling)
            {
                process.ExpectAcknowledgement();
                asked.Add(process.AcknowledgedAsync(Options.AcknowledgeTimeout));
                _ = process.AskAsync(frame, content);
            }
            else
            {
                process.Kill();
            }
        }

        // None is added any more.
        var all = Task.WhenAll(supervisors.Values.Select(static supervisor => supervisor.Completion));
        if (request == FrameType.StopWork)
        {
            // Then their results are here, however slow the machine is.
            await Task.WhenAny(all, Task.WhenAll(asked)).ConfigureAwait(false);
        }

        await Task.WhenAny(all, Task.Delay(timeout)).ConfigureAwait(false);
        if (!all.IsCompleted)
        {
            KillProcesses();
        }

        await all.ConfigureAwait(false);
        ProcessMark.Kill(ProcessMark.OfPool(Acceptor.Address));
        await Log.CloseAsync().ConfigureAwait(false);
        Executor.Perform(State.End(wasStopped: request != FrameType.EndOfItems));
        try
        {
            await Acceptor.DisposeAsync().ConfigureAwait(false);
            Progress.Dispose();
            Progress.Delete();
            foreach (var supervisor in supervisors.Values)
            {
                supervisor.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be removed is no reason to let anyone wait for ever.
        }
        finally
        {
            completion.TrySetResult();
        }
    }

    private void KillProcesses()
    {
        foreach (var (_, state, _) in State.Processes())
        {
            state.OsProcess.Kill();
        }
    }
}
