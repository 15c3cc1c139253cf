using System.Text;
using QueueLog.Client;
using QueueLog.Pool.State;
using QueueLog.Records;

namespace QueueLog.Pool.Processes;

/// <summary>
/// What a pool says in the log of its listener: the births and deaths of its workers, what became of items whose worker could
/// not say it, and the lines that workers write past their streams. One method for each event; none ever waits, so that a
/// listener that is behind holds up no pool.
/// </summary>
/// <param name="listenerAddress">The pool's own listener; null for the one that its processes inherit.</param>
/// <param name="poolName">The pool's name.</param>
/// <param name="describeInput">Gives the text of an input.</param>
internal sealed class PoolLog(string? listenerAddress, string poolName, Func<object?, string> describeInput) : IPoolLog
{
    /// <summary>Category of what happens to items and workers.</summary>
    public const string PoolCategory = "QueueLog.Pool";

    /// <summary>Category of a line that a worker's process wrote to its standard output or standard error.</summary>
    public const string OutputCategory = "Pool.StdOut";
    public const string ErrorCategory = "Pool.StdErr";

    private readonly PoolLogWriter writer = new(poolName);
    private readonly HashSet<int> killed = [];
    private volatile string? address = listenerAddress ?? ClientRegistry.DefaultAddress;

    /// <summary>A process was started. It and the pool log to the listener there is now.</summary>
    public void WorkerStarted(string worker, int pid)
    {
        address = listenerAddress ?? ClientRegistry.DefaultAddress;
        Write(LogLevel.Debug, worker, "{Worker} started as process {WorkerPid}", worker, pid);
    }

    /// <inheritdoc/>
    public void WorkerEnded(string worker, WorkerDeath death, IReadOnlyList<ItemEnd> lost, bool isAsked, bool isInStreams)
    {
        bool wasKilled;
        lock (killed)
        {
            wasKilled = killed.Remove(death.Pid);
        }

        if (isAsked || wasKilled)
        {
            Write(LogLevel.Debug, worker, "{Worker} (process {WorkerPid}) ended", worker, death.Pid);
        }
        else if (lost.Count == 0)
        {
            Write(LogLevel.Warning, worker, "{Worker} (process {WorkerPid}) died: it {End}", worker, death.Pid, death.Describe());
        }
        else
        {
            Write(LogLevel.Error, worker, lost[^1], isInStreams, "{Worker} (process {WorkerPid}) died: it {End} at item {Item}, '{Input}'", worker, death.Pid, death.Describe(), lost[^1].Item.Index, describeInput(lost[^1].Item.Input));
        }
    }

    /// <summary>The pool ended a process; its end itself is then no news.</summary>
    public void WorkerKilled(string worker, int pid, string reason)
    {
        lock (killed)
        {
            killed.Add(pid);
        }

        Write(LogLevel.Warning, worker, "{Worker} (process {WorkerPid}) was killed: {Reason}", worker, pid, reason);
    }

    /// <inheritdoc/>
    public void WorkerRecycled(string worker, int pid, long items) =>
        Write(LogLevel.Debug, worker, "{Worker} (process {WorkerPid}) is replaced after {Items} items", worker, pid, items);

    /// <inheritdoc/>
    public void WriteEnds(RunOptions options, IEnumerable<ItemEnd> ends)
    {
        foreach (var end in ends)
        {
            if (end.Status == ItemStatus.TimedOut)
            {
                Write(LogLevel.Warning, end.Worker, end, options.ShowsStreams, ItemTexts.TimedOut, end.Item.Index, describeInput(end.Item.Input), options.ItemTimeout?.TotalSeconds);
            }
            else if (end.Status == ItemStatus.Crashed)
            {
                Write(LogLevel.Warning, end.Worker, end, options.ShowsStreams, ItemTexts.Crashed, end.Item.Index, describeInput(end.Item.Input));
            }
            else if (end.NotSent is { } reason)
            {
                Write(LogLevel.Warning, null, end, options.ShowsStreams, ItemTexts.NotSent, end.Item.Index, describeInput(end.Item.Input), reason.Message);
            }

            if (!end.IsFinal)
            {
                Write(LogLevel.Warning, end.Worker, end, isInStreams: false, ItemTexts.Retried, end.Item.Index, describeInput(end.Item.Input), end.Attempt + 1, end.Delay.TotalSeconds);
            }
        }
    }

    /// <inheritdoc/>
    public void Stopped(long done, long cut, long left) =>
        Write(LogLevel.Information, null, "pool {Pool}: the run was stopped: {Done} items done, {CutShort} cut short, {NotRun} more read and not run", poolName, done, cut, left);

    /// <inheritdoc/>
    public void Halted(string reason) => Write(LogLevel.Error, null, "pool {Pool} halted: {Reason}", poolName, reason);

    /// <summary>A run on a queue goes no further at present.</summary>
    public void QueueWaits(string reason) => Write(LogLevel.Warning, null, "pool {Pool} waits: {Reason}", poolName, reason);

    /// <summary>The server of a queue, which was waited for, does again what is asked of it.</summary>
    public void QueueGoesOn(string change, TimeSpan wait) =>
        Write(LogLevel.Information, null, "pool {Pool} goes on: the server of the queue {Change}, after {Seconds} s", poolName, change, Math.Round(wait.TotalSeconds));

    /// <summary>Something went wrong with a queue, and the run goes on.</summary>
    public void QueueTrouble(string message) => Write(LogLevel.Warning, null, "pool {Pool}: {Trouble}", poolName, message);

    /// <summary>The pool as a whole could not go on.</summary>
    public void PoolFailed(string errorId, string reason) => Write(LogLevel.Error, null, "pool {Pool} failed ({ErrorId}): {Reason}", poolName, errorId, reason);

    /// <summary>Writes a line that a process wrote past its streams; waits while many lines wait, and so in time the process does.</summary>
    public ValueTask WriteLineAsync(string worker, int pid, WorkItem? item, bool isError, string line) => address is not { } target
        ? ValueTask.CompletedTask
        : writer.AddLineAsync(
            target,
            new LogRecord
            {
                Timestamp = DateTimeOffset.Now,

                // What a program says on standard error is often progress: no error, but to be seen.
                Level = isError ? LogLevel.Warning : LogLevel.Information,
                Message = line,
                Category = isError ? ErrorCategory : OutputCategory,
                Process = worker,
                Pid = pid,
                Worker = worker,
                Item = item?.Index ?? -1,
                Attempt = item?.Attempt,
            });

    /// <summary>Takes nothing more, and waits a little for what there is to be handed over.</summary>
    public Task CloseAsync() => writer.CloseAsync();

    private void Write(LogLevel level, string? worker, string template, params object?[] arguments) =>
        Write(level, worker, null, isInStreams: false, template, arguments);

    private void Write(LogLevel level, string? worker, ItemEnd? end, bool isInStreams, string template, params object?[] arguments)
    {
        if (address is not { } target)
        {
            return;
        }

        var properties = new List<LogProperty>();
        foreach (var name in MessageTemplate.Of(template).NamesOf(arguments.Length))
        {
            properties.Add(new LogProperty(Encoding.UTF8.GetString(name), arguments[properties.Count]));
        }

        writer.Add(target, new LogRecord
        {
            Timestamp = DateTimeOffset.Now,
            Level = level,
            Message = RecordEncoder.RenderText(new RecordDraft { Message = template, Arguments = arguments }),
            Template = template,
            Properties = new LogProperties(properties),
            Category = PoolCategory,
            Worker = worker,

            // Not the item of this process, should it be a worker itself.
            Item = end?.Item.Index ?? -1,
            Attempt = end?.Attempt,
            IsInStreams = isInStreams,
        });
    }
}
