using System.ComponentModel;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>N worker processes and the one run they work at. The processes end with the pool, and the pool with this process.</summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private const int AttemptsToStart = 3;

    private readonly WorkerPoolOptions options;
    private readonly WorkerCommandLine commandLine;
    private readonly PoolDoor door;
    private readonly ProgressBoard progress;
    private readonly WorkerSlot[] slots;
    private readonly PoolWork work;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly object endGate = new();
    private Task ending = Task.CompletedTask;
    private volatile bool isEnding;

    /// <summary>Opens the pool's pipe; no process is started yet.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder belongs to someone else.</exception>
    public WorkerPool(WorkerPoolOptions options, WorkerCommandLine commandLine)
    {
        this.options = options;
        this.commandLine = commandLine;
        door = new PoolDoor(options.StartTimeout);
        progress = ProgressBoard.Create(door.Address, options.Count);
        slots = new WorkerSlot[options.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new WorkerSlot(i);
        }

        work = new PoolWork(options, slots, EndWithRun);
    }

    public string Name => options.Name;

    public int Count => slots.Length;

    public bool StaysWarm => options.StaysWarm;

    public DateTimeOffset Started { get; private set; }

    /// <summary>Completes when every process has ended.</summary>
    public Task Completion => completion.Task;

    /// <summary>Why the pool ended before its time; null otherwise.</summary>
    public RunFailure? Failure { get; private set; }

    /// <summary>Starts the processes, all at once, and returns without waiting for them.</summary>
    public void Start()
    {
        Started = DateTimeOffset.Now;
        _ = Task.Run(() => door.WatchAsync(slots));
        foreach (var slot in slots)
        {
            slot.Supervision = Task.Run(() => SuperviseAsync(slot));
        }
    }

    /// <summary>Begins a run.</summary>
    /// <returns>Null when the pool is at another one.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public PoolRun? TryBegin(WorkDefinition definition)
    {
        ObjectDisposedException.ThrowIf(isEnding, this);
        return work.TryBegin(definition);
    }

    /// <summary>Ends a run before its time, and the pool with it unless that stays warm.</summary>
    public void Stop(PoolRun run)
    {
        work.Close(run, null);
        if (!options.StaysWarm)
        {
            _ = KillAsync();
        }
    }

    /// <summary>What the pool and its workers are doing now.</summary>
    public PoolStatus GetStatus() => work.GetStatus(Started, completion.Task.IsCompleted);

    /// <summary>Asks workers to give up their items, waits a little for them to hand over what is finished, and ends them.</summary>
    public Task StopAsync() => EndAsync(FrameType.StopWork, options.StopTimeout);

    /// <summary>Ends all processes at once.</summary>
    public Task KillAsync() => EndAsync(null, TimeSpan.Zero);

    public ValueTask DisposeAsync() => new(KillAsync());

    private void EndWithRun()
    {
        if (!options.StaysWarm)
        {
            // Without work the workers end by themselves.
            _ = EndAsync(FrameType.EndOfItems, options.EndTimeout);
        }
    }

    /// <summary>Keeps a worker's place filled for as long as it is needed.</summary>
    private async Task SuperviseAsync(WorkerSlot slot)
    {
        while (!isEnding)
        {
            var worker = NewProcess(slot);
            await using var _ = worker.ConfigureAwait(false);
            progress.Write(slot.Index, 0);
            if (!work.TryPlace(slot, worker))
            {
                return;
            }

            try
            {
                worker.Start((isError, line) => work.TakeLineAsync(slot, isError, line));
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                Fail(new RunFailure("WorkerStartFailed", $"'{commandLine.Program}' cannot be started: {e.Message}"));
                return;
            }

            await ServeAsync(slot, worker).ConfigureAwait(false);
            var death = await worker.WaitForEndAsync(isEnding ? options.EndTimeout : TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            await work.TakeLeaveAsync(slot, worker, progress.Read(slot.Index), death, isEnding).ConfigureAwait(false);
            if (!isEnding && slot.Failures >= AttemptsToStart)
            {
                var lines = death.LastLines.Length == 0 ? "" : " It wrote: " + string.Join(Environment.NewLine, death.LastLines);
                Fail(new RunFailure("WorkerStartFailed", $"{slot.Name} {death.Describe()} before it was ready, {AttemptsToStart} times in a row.{lines}"));
                return;
            }
        }
    }

    private WorkerProcess NewProcess(WorkerSlot slot)
    {
        var token = PoolDoor.NewToken();
        var start = commandLine.ToStartInfo(door.Address, slot.Index, token, options.WorkingDirectory);
        if (options.ListenerAddress is { } listener)
        {
            start.Environment["QUEUELOG_PIPE"] = listener;
        }

        return new WorkerProcess(start, token);
    }

    /// <summary>Waits for a worker's greeting and reads what it says until its pipe ends.</summary>
    private async Task ServeAsync(WorkerSlot slot, WorkerProcess worker)
    {
        try
        {
            // Asked for after its start: a pool that ended in between did not find the process to end.
            var first = isEnding ? worker.Exited : await Task.WhenAny(worker.Connected, worker.Exited, Task.Delay(options.StartTimeout, door.Closing)).ConfigureAwait(false);
            if (first != worker.Connected || isEnding)
            {
                worker.Kill();
                return;
            }

            var connection = await worker.Connected.ConfigureAwait(false);
            work.TakeUp(slot, worker);
            if (isEnding)
            {
                worker.Kill();
            }

            while (await connection.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } frame)
            {
                switch (frame.Type)
                {
                    case FrameType.WorkerReady:
                        TakeReady(slot, worker, frame);
                        break;
                    case FrameType.RunCancelled when worker.IsCancelling:
                        work.TakeCancelled(slot, worker);
                        break;
                    case FrameType.Results:
                        await work.TakeResultsAsync(slot, worker, frame).ConfigureAwait(false);
                        break;
                    default:
                        throw new ProtocolException($"A worker sent a frame of type {frame.Type}.");
                }
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken or ended, it is the same to the pool: the process is counted out.
            worker.Kill();
        }
    }

    private void TakeReady(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        if (work.TakeReady(slot, worker, frame) is not var (failure, isFinal))
        {
            return;
        }

        if (isFinal)
        {
            Fail(failure);
        }
        else if (work.Run is { } run)
        {
            work.Close(run, failure);
        }
    }

    private void Fail(RunFailure failure)
    {
        Failure ??= failure;
        if (work.Run is { } run)
        {
            work.Close(run, failure);
        }

        _ = KillAsync();
    }

    private Task EndAsync(FrameType? request, TimeSpan patience)
    {
        lock (endGate)
        {
            if (!isEnding)
            {
                isEnding = true;
                ending = EndCoreAsync(request, patience);
            }
            else if (request is null)
            {
                KillProcesses();
            }

            return ending;
        }
    }

    // Order: no new process, ask the present ones to end, wait for them, end those that stay, then free what they used.
    private async Task EndCoreAsync(FrameType? request, TimeSpan patience)
    {
        await Task.Yield();
        var supervisions = new Task[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            supervisions[i] = slots[i].Supervision;
            if (request is { } frame && slots[i].Process is { IsUp: true } worker)
            {
                _ = worker.AskAsync(frame);
            }
            else
            {
                slots[i].Process?.Kill();
            }
        }

        var all = Task.WhenAll(supervisions);
        await Task.WhenAny(all, Task.Delay(patience)).ConfigureAwait(false);
        if (!all.IsCompleted)
        {
            KillProcesses();
        }

        await all.ConfigureAwait(false);
        work.End(wasStopped: request != FrameType.EndOfItems);
        await door.DisposeAsync().ConfigureAwait(false);
        progress.Dispose();
        progress.Delete();
        completion.TrySetResult();
    }

    private void KillProcesses()
    {
        foreach (var slot in slots)
        {
            slot.Process?.Kill();
        }
    }
}
