using System.ComponentModel;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>N worker processes and the one run they work at. The processes end with the pool, and the pool with this process.</summary>
internal sealed class WorkerPool : IAsyncDisposable, IPoolOwner
{
    /// <summary>No pool has more workers.</summary>
    public const int MostWorkers = 1000;

    // Processes of one place that die in a row before they are ready. Where none ever was, it is how they are started; where
    // some were, it is what happens to them, and may pass.
    private const int AttemptsToStart = 3;
    private const int AttemptsToRestart = 20;

    // A process whose pipe has ended ends itself, and is waited for so long that its exit code is its own.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRestartPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRestartPause = TimeSpan.FromSeconds(5);

    private readonly WorkerPoolOptions options;
    private readonly WorkerCommandLine commandLine;
    private readonly WorkerAcceptor acceptor;
    private readonly SharedProgress progress;
    private readonly PoolLog log;
    private readonly SlotList slots = new();
    private readonly PoolWork work;
    private readonly WorkerReader reader;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly object endGate = new();
    private Task ending = Task.CompletedTask;
    private volatile bool isEnding;
    private int watching;
    private long processCount;

    /// <summary>Opens the pool's pipe; no process is started yet.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder belongs to someone else.</exception>
    public WorkerPool(WorkerPoolOptions options, WorkerCommandLine commandLine)
    {
        this.options = options;
        this.commandLine = commandLine;
        acceptor = new WorkerAcceptor(options.StartTimeout);
        try
        {
            progress = SharedProgress.Create(acceptor.Address, MostWorkers);
        }
        catch
        {
            _ = acceptor.DisposeAsync().AsTask();
            throw;
        }

        slots.Grow(options.Count);
        log = new PoolLog(options.ListenerAddress, options.Name);
        work = new PoolWork(options, slots, log, this);
        reader = new WorkerReader(work, progress, options.StaysWarm, TakeNotReady);
    }

    public string Name => options.Name;

    public int Count => work.Target;

    public bool StaysWarm => options.StaysWarm;

    public DateTimeOffset Started { get; private set; }

    /// <summary>Completes when every process has ended.</summary>
    public Task Completion => completion.Task;

    /// <summary>Why the pool ended before its time; null otherwise.</summary>
    public RunFailure? Failure { get; private set; }

    /// <summary>Lets workers connect. A pool that stays warm starts them now, all at once, others as there is work for them.</summary>
    /// <param name="expected">How many there will be work for in any case: they start now, while that is still being described.</param>
    public void Start(int expected = 0)
    {
        Started = DateTimeOffset.Now;
        _ = Task.Run(() => acceptor.WatchAsync(slots));
        var all = slots.All;
        foreach (var slot in options.StaysWarm ? all : all.AsSpan(0, Math.Min(expected, all.Length)))
        {
            work.Open(slot);
        }
    }

    /// <summary>Begins a run.</summary>
    /// <returns>Null when the pool is at another one.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public PoolRun? TryBegin(WorkDefinition definition, RunOptions runOptions)
    {
        ObjectDisposedException.ThrowIf(isEnding, this);
        var run = work.TryBegin(definition, runOptions);
        Watch();
        return run;
    }

    /// <summary>Changes how many workers there are. Those that are too many finish what they have begun.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public void Resize(int count)
    {
        ObjectDisposedException.ThrowIf(isEnding, this);
        work.Resize(count);
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

    /// <summary>Called before a wait for the next event of a run, on the thread that takes them: it may be had sooner so.</summary>
    public void ReadFor(PoolRun run) => reader.ReadFor(run);

    /// <summary>What the pool and its workers are doing now.</summary>
    public PoolStatus GetStatus() => work.GetStatus(Started, completion.Task.IsCompleted);

    /// <summary>Asks workers to give up their items, waits a little for them to hand over what is finished, and ends them.</summary>
    public Task StopAsync() => EndAsync(FrameType.StopWork, options.StopTimeout);

    /// <summary>Ends all processes at once.</summary>
    public Task KillAsync() => EndAsync(null, TimeSpan.Zero);

    public ValueTask DisposeAsync() => new(KillAsync());

    void IPoolOwner.Fill(WorkerSlot slot)
    {
        if (isEnding)
        {
            return;
        }

        var before = slot.Supervision;
        slot.Supervision = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            try
            {
                await SuperviseAsync(slot).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // a place that silently stays empty would leave the pool waiting for ever
            catch (Exception e)
#pragma warning restore CA1031
            {
                slot.Process?.Kill();
                if (isEnding)
                {
                    return;
                }

                Fail(new RunFailure("WorkerStartFailed", $"{slot.Name} cannot be started: {e.Message}"));
            }
        });
    }

    /// <inheritdoc/>
    public void Watch()
    {
        if (work.IsToBeWatched && Interlocked.Exchange(ref watching, 1) == 0)
        {
            _ = Task.Run(WatchAsync);
        }
    }

    void IPoolOwner.TakeEndOfRun()
    {
        if (!options.StaysWarm)
        {
            // Without work the workers end by themselves.
            _ = EndAsync(FrameType.EndOfItems, options.EndTimeout);
        }
    }

    // Ends when there is nothing to look after; whatever begins something of that kind calls for it again.
    private async Task WatchAsync()
    {
        while (!isEnding)
        {
            if (work.LookAfter(progress) is not { } pause)
            {
                Volatile.Write(ref watching, 0);

                // Called for in between, perhaps, and taken for being at it.
                if (work.LookAfter(progress) is null || Interlocked.Exchange(ref watching, 1) != 0)
                {
                    return;
                }

                continue;
            }

            await Task.WhenAny(Task.Delay(pause, options.Time, acceptor.Closing)).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps a worker's place filled for as long as it is needed.</summary>
    private async Task SuperviseAsync(WorkerSlot slot)
    {
        while (!isEnding)
        {
            var worker = NewProcess(slot);
            await using var scope = worker.ConfigureAwait(false);
            progress.Clear(slot.Index);
            slot.Records ??= LastRecords.Create(acceptor.Address, slot.Index);
            slot.Records.Clear();
            if (!work.TryPlace(slot, worker))
            {
                return;
            }

            try
            {
                worker.Start((isError, line) => work.TakeLineAsync(slot, isError, line));
                log.WorkerStarted(slot.Name, worker.Pid);
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                Fail(new RunFailure("WorkerStartFailed", $"'{commandLine.Program}' cannot be started: {e.Message}"));
                return;
            }

            await ServeAsync(slot, worker).ConfigureAwait(false);
            var death = await worker.WaitForEndAsync(isEnding ? options.EndTimeout : ExitTimeout).ConfigureAwait(false);
            death = death with { LastRecords = slot.Records.Read() };
            if (!isEnding)
            {
                // What it started and what has left its group; the next process need not wait for that.
                _ = Task.Run(() => ProcessMark.Kill(worker.Mark));
            }

            await work.TakeLeaveAsync(slot, worker, progress.Read(slot.Index), death, isEnding, progress.ReadStart(slot.Index)).ConfigureAwait(false);
            if (!isEnding && slot.Failures >= (work.WasReady ? AttemptsToRestart : AttemptsToStart))
            {
                var lines = death.LastLines.Length == 0 ? "" : " It wrote: " + string.Join(Environment.NewLine, death.LastLines);
                Fail(new RunFailure("WorkerStartFailed", $"{slot.Name} {death.Describe()} before it was ready, {slot.Failures} times in a row.{lines}"));
                return;
            }

            if (slot.Failures > 1)
            {
                var pause = FirstRestartPause * Math.Pow(2, slot.Failures - 2);
                await Task.WhenAny(Task.Delay(pause < LongestRestartPause ? pause : LongestRestartPause, options.Time, acceptor.Closing)).ConfigureAwait(false);
            }
        }
    }

    private WorkerProcess NewProcess(WorkerSlot slot)
    {
        var token = WorkerAcceptor.NewToken();
        var mark = ProcessMark.OfProcess(acceptor.Address, Interlocked.Increment(ref processCount));
        var start = commandLine.ToStartInfo(acceptor.Address, slot.Index, token, options.WorkingDirectory, options.Environment);
        start.Environment[ProcessMark.Variable] = mark;
        if (options.ListenerAddress is { } listener)
        {
            start.Environment["QUEUELOG_PIPE"] = listener;
        }

        return new WorkerProcess(start, token, mark);
    }

    /// <summary>Waits for a worker's greeting and reads what it says until its pipe ends.</summary>
    private async Task ServeAsync(WorkerSlot slot, WorkerProcess worker)
    {
        try
        {
            // Asked for after its start: a pool that ended in between did not find the process to end.
            var first = isEnding ? worker.Exited : await Task.WhenAny(worker.Connected, worker.Exited, Task.Delay(options.StartTimeout, acceptor.Closing)).ConfigureAwait(false);
            if (first != worker.Connected || isEnding)
            {
                worker.Kill();
                return;
            }

            work.TakeUp(slot, worker);
            if (isEnding)
            {
                worker.Kill();
            }

            await Task.Factory.StartNew(() => reader.Read(slot, worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception e) when (PipeConnection.IsEnd(e) || e is OperationCanceledException)
        {
            // Broken or ended, it is the same to the pool: the process is counted out.
            worker.Kill();
        }
    }

    private void TakeNotReady(RunFailure failure, bool isFinal)
    {
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
        if (Failure is null)
        {
            Failure = failure;
            log.PoolFailed(failure);
        }

        if (work.Run is { } run)
        {
            work.Close(run, failure);
        }

        _ = KillAsync();
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
        work.Seal();
        var ended = slots.All;
        var asked = new List<Task>();
        foreach (var slot in ended)
        {
            if (request is { } frame && slot.Process is { IsUp: true } worker)
            {
                worker.ExpectAcknowledgement();
                asked.Add(worker.AcknowledgedAsync(options.AcknowledgeTimeout));
                _ = worker.AskAsync(frame);
            }
            else
            {
                slot.Process?.Kill();
            }
        }

        var supervisions = Array.ConvertAll(ended, static slot => slot.Supervision);

        var all = Task.WhenAll(supervisions);
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
        ProcessMark.Kill(ProcessMark.OfPool(acceptor.Address));
        await log.CloseAsync().ConfigureAwait(false);
        work.End(wasStopped: request != FrameType.EndOfItems);
        try
        {
            await acceptor.DisposeAsync().ConfigureAwait(false);
            progress.Dispose();
            progress.Delete();
            Array.ForEach(slots.All, static slot => slot.Records?.Dispose());
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
        foreach (var slot in slots.All)
        {
            slot.Process?.Kill();
        }
    }
}
