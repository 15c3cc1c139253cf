using QueueLog.Pool;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>A pool whose workers are on the hosts of a queue, for one run. Owns its engine.</summary>
internal sealed class QueuePool : IItemPool
{
    private readonly IQueueEngine engine;
    private readonly QueuePoolOptions options;
    private readonly HostWatch hosts;
    private readonly RunPlan plan;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object gate = new();
    private QueueRun? run;
    private RunOptions? runOptions;
    private bool isEnding;

    private QueuePool(IQueueEngine engine, QueuePoolOptions options, HostWatch hosts, RunPlan plan)
    {
        this.engine = engine;
        this.options = options;
        this.hosts = hosts;
        this.plan = plan;
    }

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public int Count => hosts.Slots;

    /// <inheritdoc/>
    public string? ListenerAddress => options.ListenerAddress;

    /// <inheritdoc/>
    public bool StaysWarm => false;

    /// <inheritdoc/>
    public Task Completion => completion.Task;

    /// <inheritdoc/>
    public RunFailure? Failure => run?.Failure is NoHostTakesPart or QueueFailed or RunSuperseded ? run.Failure : null;

    /// <inheritdoc/>
    public TimeSpan Grace => runOptions?.Grace ?? RunOptions.DefaultGrace;

    /// <summary>Looks at the hosts there are, and for the run to go on with.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    /// <exception cref="RunInUseException">The run is to be gone on with, and its submitter is alive.</exception>
    public static async Task<QueuePool> ConnectAsync(IQueueEngine engine, QueuePoolOptions options, CancellationToken cancellation)
    {
        var hosts = new HostWatch(engine, options);
        await hosts.ReadAsync(cancellation).ConfigureAwait(false);
        return new QueuePool(engine, options, hosts, await RunPlan.MakeAsync(engine, options, cancellation).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public IItemRun? TryBegin(WorkDefinition definition, RunOptions asked)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isEnding, this);
            if (run is not null)
            {
                return null;
            }

            runOptions = asked;
            run = new QueueRun(engine, options, definition, asked, (hosts, plan));
            _ = run.Completion.ContinueWith(_ => EndAsync(), TaskScheduler.Default);
            return run;
        }
    }

    /// <inheritdoc/>
    public void Resize(int count) => throw new NotSupportedException("The hosts of a queue say how many workers there are.");

    /// <inheritdoc/>
    public void Stop(IItemRun stopped) => _ = StopAsync();

    /// <inheritdoc/>
    public void ReadFor(IItemRun read)
    {
    }

    /// <inheritdoc/>
    public PoolStatus GetStatus()
    {
        var status = new PoolStatus { Name = Name, Pid = Environment.ProcessId, Count = Count, State = completion.Task.IsCompleted ? "Ended" : run is null ? "Idle" : "Running", LogPath = options.LogPath() };
        return run is not { } present ? status : present.Submission.Read(items => new PoolStatus
        {
            Name = status.Name,
            Pid = status.Pid,
            Count = status.Count,
            State = status.State,
            LogPath = status.LogPath,
            ItemsDone = items.Ended,
            ItemsFailed = items.Failed,
            ItemsWaiting = items.Added - items.Ended - items.Skipped,
            ItemsEnded = items.Ended,
            ItemsRetried = items.Retried,
            ItemsTotal = items.IsComplete ? items.Added : present.Submission.Expected is >= 0 and var expected ? Math.Max(expected, items.Added) : null,
            Started = present.Submission.Started,
            RunStarted = present.Submission.Started,
            LastFailures = items.LastFailures,
            Workers = present.Workers,
        });
    }

    /// <inheritdoc/>
    public Task StopAsync() => EndRunAsync(static ended => ended.Stop());

    /// <inheritdoc/>
    public Task KillAsync() => EndRunAsync(static ended => ended.Kill());

    private async Task EndRunAsync(Action<QueueRun> end)
    {
        bool isUnused;
        lock (gate)
        {
            isUnused = run is null && !isEnding;
            isEnding = true;
        }

        if (isUnused)
        {
            await EndAsync().ConfigureAwait(false);
        }
        else if (run is { Completion.IsCompleted: false } under)
        {
            end(under);
        }

        await completion.Task.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        lock (gate)
        {
            isEnding = true;
        }

        await engine.DisposeAsync().ConfigureAwait(false);
        completion.TrySetResult();
    }
}
