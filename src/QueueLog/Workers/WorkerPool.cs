using System.ComponentModel;
using System.Security.Cryptography;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>N worker processes and the one run they work at. The processes end with the pool, and the pool with this process.</summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private const int AttemptsToStart = 3;

    // Number of the definition that prepares the workers of a warm pool; runs are numbered from 1.
    private const int InitializationId = 0;

    private const int KeepOutgoingCapacity = 1024 * 1024;

    private readonly object gate = new();
    private readonly WorkerPoolOptions options;
    private readonly WorkerCommandLine commandLine;
    private readonly PipeAcceptor acceptor;
    private readonly ProgressBoard progress;
    private readonly WorkerSlot[] slots;
    private readonly ReadOnlyMemory<byte> initialization;
    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the lock.
    private readonly List<WorkItem> batch = [];
    private PoolRun? run;
    private int runCount;
    private int firstSlot;
    private bool isEnding;
    private Task ending = Task.CompletedTask;

    /// <summary>Opens the pool's pipe; no process is started yet.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder belongs to someone else.</exception>
    public WorkerPool(WorkerPoolOptions options, WorkerCommandLine commandLine)
    {
        this.options = options;
        this.commandLine = commandLine;
        StateFolder.Ensure();
        var address = PipeName.ToAddress("pool-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        acceptor = PipeAcceptor.Open(address);
        progress = ProgressBoard.Create(address, options.Count);
        slots = new WorkerSlot[options.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = new WorkerSlot(i);
        }

        initialization = options.Initialization is { } first ? PoolRun.ToFrame(first) : default;
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
        _ = Task.Run(AcceptLoopAsync);
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
        PoolRun begun;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isEnding, this);
            if (run is { IsOver: false })
            {
                return null;
            }

            begun = run = new PoolRun(this, definition with { Id = ++runCount }, slots.Length);
            foreach (var slot in slots)
            {
                if (slot.Process is { IsUp: true } process)
                {
                    process.SentBefore = process.Sent;
                    begun.Scheduler.Up(slot.Index);
                }
            }
        }

        DispatchAll();
        return begun;
    }

    /// <summary>What the pool and its workers are doing now.</summary>
    public PoolStatus GetStatus()
    {
        lock (gate)
        {
            var workers = new WorkerStatus[slots.Length];
            long done = 0;
            for (var i = 0; i < slots.Length; i++)
            {
                var current = run is { IsOver: false } ? run.Scheduler.Current(i) : null;
                workers[i] = slots[i].ToStatus(current?.Input, current is not null);
                done += slots[i].ItemsDone;
            }

            return new PoolStatus
            {
                Name = Name,
                Count = slots.Length,
                State = completion.Task.IsCompleted ? "Ended" : run is { IsOver: false } ? "Running" : "Idle",
                ItemsDone = done,
                ItemsWaiting = run is { IsOver: false } ? run.Scheduler.Queued + run.Scheduler.Held : 0,
                Started = Started,
                Workers = workers,
            };
        }
    }

    /// <summary>Lets workers without an item end by themselves, and ends them where they do not.</summary>
    public Task EndAsync() => EndAsync(FrameType.EndOfItems, options.EndTimeout);

    /// <summary>Asks workers to give up their items, waits a little for them to hand over what is finished, and ends them.</summary>
    public Task StopAsync() => EndAsync(FrameType.StopWork, options.StopTimeout);

    /// <summary>Ends all processes at once.</summary>
    public Task KillAsync() => EndAsync(null, TimeSpan.Zero);

    public ValueTask DisposeAsync() => new(KillAsync());

    internal bool HasRoom(PoolRun asked)
    {
        lock (gate)
        {
            return asked.IsOver || asked.Scheduler.HasRoom;
        }
    }

    internal void Add(PoolRun to, WorkItem item, int worker)
    {
        lock (gate)
        {
            if (to.IsOver)
            {
                return;
            }

            if (worker < 0)
            {
                to.Scheduler.Add(item);
            }
            else
            {
                to.Scheduler.AddFor(worker, item);
            }
        }

        DispatchAll();
    }

    internal void CompleteAdding(PoolRun to)
    {
        lock (gate)
        {
            to.Scheduler.CompleteAdding();
        }

        DispatchAll();
        CloseIfDone(to);
    }

    internal void StopRun(PoolRun stopped)
    {
        CloseRun(stopped, null);
        if (!options.StaysWarm)
        {
            _ = KillAsync();
        }
    }

    /// <summary>Ends a run before its time: who reads it comes to its end, and its workers give it up.</summary>
    private void CloseRun(PoolRun closed, RunFailure? failure)
    {
        lock (gate)
        {
            if (closed.IsOver)
            {
                return;
            }

            closed.IsOver = true;
            closed.Scheduler.Abandon();
            foreach (var slot in slots)
            {
                if (options.StaysWarm && closed.Scheduler.Current(slot.Index) is not null && slot.Process is { IsUp: true } process)
                {
                    process.IsUp = false;
                    process.IsCancelling = true;
                    _ = CancelAsync(process);
                }
            }
        }

        // At once: a reader of results that waits for room here would hold up the end of its worker.
        closed.Close(failure, wasStopped: failure is null);
    }

    /// <summary>Asks a worker to give up its run; code that does not stop is ended with its process, and another takes its place.</summary>
    private async Task CancelAsync(WorkerProcess process)
    {
        await Task.Yield();
        await process.AskAsync(FrameType.CancelRun).ConfigureAwait(false);
        await Task.Delay(options.StopTimeout).ConfigureAwait(false);
        if (process.IsCancelling)
        {
            process.Kill();
        }
    }

    private void TakeCancelled(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            worker.IsCancelling = false;
            worker.IsUp = true;
            worker.SentBefore = worker.Sent;
            if (run is { IsOver: false })
            {
                run.Scheduler.Up(slot.Index);
            }
        }

        Dispatch(slot);
    }

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (true)
            {
                var connection = await acceptor.AcceptAsync(ended.Token).ConfigureAwait(false);
                _ = GreetAsync(connection);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private async Task GreetAsync(PipeConnection connection)
    {
        try
        {
            using var deadline = new CancellationTokenSource(options.StartTimeout);
            if (await connection.ReadAsync(deadline.Token).ConfigureAwait(false) is { Type: FrameType.WorkerHello } frame)
            {
                var (token, _) = WorkCodec.ReadHello(frame.Payload.Span);
                foreach (var slot in slots)
                {
                    if (slot.Process is { } process && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(process.Token), FromHex(token)))
                    {
                        connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
                        process.Greet(connection);
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever it was is none of this pool's workers.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static byte[] FromHex(string token)
    {
        try
        {
            return Convert.FromHexString(token);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    /// <summary>Keeps a worker's place filled for as long as it is needed.</summary>
    private async Task SuperviseAsync(WorkerSlot slot)
    {
        while (true)
        {
            var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            var start = commandLine.ToStartInfo(acceptor.Address, slot.Index, token, options.WorkingDirectory);
            if (options.ListenerAddress is { } listener)
            {
                start.Environment["QUEUELOG_PIPE"] = listener;
            }

            var worker = new WorkerProcess(start, token);
            await using var _ = worker.ConfigureAwait(false);
            try
            {
                lock (gate)
                {
                    if (isEnding || (run is { IsOver: false } && !run.Scheduler.Needs(slot.Index)))
                    {
                        return;
                    }

                    progress.Write(slot.Index, 0);
                    slot.Process = worker;
                }

                worker.Start((isError, line) => ForwardLineAsync(slot, isError, line));
                if (isEnding)
                {
                    worker.Kill();
                }
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                Fail(new RunFailure("WorkerStartFailed", $"'{commandLine.Program}' cannot be started: {e.Message}"));
                return;
            }

            await ServeAsync(slot, worker).ConfigureAwait(false);
            var death = await worker.WaitForEndAsync(isEnding ? options.EndTimeout : TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            await TakeLeaveAsync(slot, worker, death).ConfigureAwait(false);
            if (isEnding)
            {
                return;
            }

            if (slot.Failures >= AttemptsToStart)
            {
                var lines = death.LastLines.Length == 0 ? "" : " It wrote: " + string.Join(Environment.NewLine, death.LastLines);
                Fail(new RunFailure("WorkerStartFailed", $"{slot.Name} {death.Describe()} before it was ready, {AttemptsToStart} times in a row.{lines}"));
                return;
            }
        }
    }

    /// <summary>Waits for a worker's greeting and reads what it says until its pipe ends.</summary>
    private async Task ServeAsync(WorkerSlot slot, WorkerProcess worker)
    {
        try
        {
            var first = await Task.WhenAny(worker.Connected, worker.Exited, Task.Delay(options.StartTimeout, ended.Token)).ConfigureAwait(false);
            if (first != worker.Connected || isEnding)
            {
                worker.Kill();
                return;
            }

            var connection = await worker.Connected.ConfigureAwait(false);
            lock (gate)
            {
                worker.IsUp = true;
                if (run is { IsOver: false })
                {
                    run.Scheduler.Up(slot.Index);
                }
                else if (initialization.IsEmpty)
                {
                    // A warm pool without work: there is nothing to be ready for.
                    worker.WasReady = true;
                }

                if (isEnding)
                {
                    worker.Kill();
                }
            }

            Dispatch(slot);
            while (await connection.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } frame)
            {
                switch (frame.Type)
                {
                    case FrameType.WorkerReady:
                        TakeReady(slot, worker, frame);
                        break;
                    case FrameType.RunCancelled when worker.IsCancelling:
                        TakeCancelled(slot, worker);
                        break;
                    case FrameType.Results:
                        await TakeResultsAsync(slot, worker, frame).ConfigureAwait(false);
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
        var (id, errorId, message) = WorkCodec.ReadReady(frame.Payload.Span);
        PoolRun? failed = null;
        lock (gate)
        {
            if (errorId.Length == 0)
            {
                worker.WasReady = true;
                slot.Failures = 0;
            }
            else if (run is { IsOver: false } && run.Id == id)
            {
                failed = run;
            }
        }

        if (errorId.Length == 0)
        {
            return;
        }

        var failure = new RunFailure(errorId, message);
        if (!options.StaysWarm || id == InitializationId)
        {
            Fail(failure);
        }
        else if (failed is not null)
        {
            CloseRun(failed, failure);
        }
    }

    private async ValueTask TakeResultsAsync(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(frame.Payload.Length);
        frame.Payload.Span.CopyTo(buffer);
        PoolRun? current;
        Queue<WorkItem>? items;
        lock (gate)
        {
            current = run;
            if (current is null || current.IsOver || worker.IsCancelling)
            {
                return;
            }

            items = TakeEnds(slot, current, frame.Payload.Span);
            current.Pending++;
        }

        Dispatch(slot);
        await current.PublishAsync(new WorkResults(slot.Name, buffer, frame.Payload.Length, items)).ConfigureAwait(false);
        Published(current, 1);
    }

    /// <summary>Tells the scheduler which items have ended.</summary>
    /// <returns>The items that the frame's errors belong to.</returns>
    private static Queue<WorkItem>? TakeEnds(WorkerSlot slot, PoolRun current, ReadOnlySpan<byte> payload)
    {
        Queue<WorkItem>? items = null;
        while (WorkEntryCodec.TryRead(ref payload, out var entry))
        {
            if (entry.Kind == WorkEntryKind.Ended)
            {
                if (current.Scheduler.End(slot.Index, entry.Index, WorkEntryCodec.ReadEnded(entry.Body)) is null)
                {
                    throw new ProtocolException($"A worker ended item {entry.Index}, which it does not hold.");
                }

                slot.ItemsDone++;
            }
            else if (entry.Kind is WorkEntryKind.Error or WorkEntryKind.Failure && entry.Index >= 0)
            {
                (items ??= new()).Enqueue(current.Scheduler.Current(slot.Index) ?? throw new ProtocolException("A worker reported an error without an item."));
            }
        }

        return items;
    }

    /// <summary>Counts a process out: what it had not begun goes to others, what it was at is reported.</summary>
    private async Task TakeLeaveAsync(WorkerSlot slot, WorkerProcess worker, WorkerDeath death)
    {
        PoolRun? current;
        var lost = new List<WorkItem>();
        lock (gate)
        {
            worker.IsUp = false;
            slot.Failures += worker.WasReady ? 0 : 1;
            current = run;
            if (current is null || current.IsOver)
            {
                return;
            }

            current.Scheduler.Down(slot.Index, progress.Read(slot.Index) - worker.SentBefore, lost);
            current.Pending++;
        }

        DispatchAll();
        foreach (var item in lost)
        {
            // An item that was given up on request is no loss to report.
            if (!isEnding)
            {
                await current.PublishAsync(new ItemLost(slot.Name, item, death)).ConfigureAwait(false);
            }
        }

        Published(current, 1);
    }

    private async ValueTask ForwardLineAsync(WorkerSlot slot, bool isError, string line)
    {
        PoolRun? current;
        lock (gate)
        {
            current = run;
            if (current is null || current.IsOver)
            {
                return;
            }

            current.Pending++;
        }

        await current.PublishAsync(new WorkerLine(slot.Name, isError, line)).ConfigureAwait(false);
        Published(current, 1);
    }

    private void Published(PoolRun current, int count)
    {
        lock (gate)
        {
            current.Pending -= count;
        }

        CloseIfDone(current);
    }

    private void CloseIfDone(PoolRun current)
    {
        lock (gate)
        {
            if (current.IsOver || current.Pending > 0 || !current.Scheduler.IsDone)
            {
                return;
            }

            if (options.StaysWarm)
            {
                current.IsOver = true;
            }
        }

        if (options.StaysWarm)
        {
            current.Close(null, wasStopped: false);
        }
        else
        {
            _ = EndAsync();
        }
    }

    private void Fail(RunFailure failure)
    {
        PoolRun? current;
        lock (gate)
        {
            Failure ??= failure;
            current = run;
        }

        if (current is not null)
        {
            CloseRun(current, failure);
        }

        _ = KillAsync();
    }

    private void DispatchAll()
    {
        // Each time from another worker on, so that none is favoured.
        var first = firstSlot = (firstSlot + 1) % slots.Length;
        for (var i = 0; i < slots.Length; i++)
        {
            Dispatch(slots[(first + i) % slots.Length]);
        }
    }

    private void Dispatch(WorkerSlot slot)
    {
        // Looked at without the lock first: a sender at work looks again before it leaves, a new worker is given work then.
        if (slot.Process is not { IsUp: true, IsSending: false })
        {
            return;
        }

        WorkerProcess worker;
        lock (gate)
        {
            if (slot.Process is not { IsUp: true, IsSending: false } process || !Compose(slot, process))
            {
                return;
            }

            process.IsSending = true;
            worker = process;
        }

        _ = SendLoopAsync(slot, worker);
    }

    /// <summary>Sends what has been composed, and whatever else has come together by then.</summary>
    private async Task SendLoopAsync(WorkerSlot slot, WorkerProcess worker)
    {
        try
        {
            do
            {
                await worker.SendAsync(worker.Outgoing.WrittenMemory).ConfigureAwait(false);
            }
            while (ComposeOrLeave(slot, worker));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader of the same pipe sees its end too, and counts the worker out.
        }
    }

    private bool ComposeOrLeave(WorkerSlot slot, WorkerProcess worker)
    {
        lock (gate)
        {
            return worker.IsSending = worker.IsUp && Compose(slot, worker);
        }
    }

    /// <summary>Puts together what a worker should get now.</summary>
    /// <returns>False when that is nothing.</returns>
    private bool Compose(WorkerSlot slot, WorkerProcess worker)
    {
        var writer = worker.Outgoing;
        writer.Clear(KeepOutgoingCapacity);
        if (!worker.IsPrepared)
        {
            worker.IsPrepared = true;
            writer.WriteBytes(initialization.Span);
        }

        if (run is not { IsOver: false } current)
        {
            return writer.Length > 0;
        }

        batch.Clear();
        var hasItems = current.Scheduler.TryTake(slot.Index, batch);

        // A cold worker loads the definition while its first item is still to come; a warm one is not woken for nothing.
        if (worker.DefinitionId != current.Id && (hasItems || !options.StaysWarm))
        {
            worker.DefinitionId = current.Id;
            writer.WriteBytes(current.DefinitionFrame.Span);
        }

        if (hasItems)
        {
            worker.Sent += batch.Count;
            var frame = writer.BeginFrame(FrameType.Items);
            writer.WriteInt32(current.Id);
            foreach (var item in batch)
            {
                WorkCodec.WriteItem(writer, item);
            }

            writer.EndFrame(frame);
        }

        return writer.Length > 0;
    }

    private Task EndAsync(FrameType? request, TimeSpan patience)
    {
        lock (gate)
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
        var waiting = new Task[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            WorkerProcess? worker;
            lock (gate)
            {
                worker = slots[i].Process;
            }

            waiting[i] = slots[i].Supervision;
            if (request is { } frame && worker is { IsUp: true })
            {
                _ = worker.AskAsync(frame);
            }
            else if (worker is { Pid: > 0 })
            {
                worker.Kill();
            }
        }

        var all = Task.WhenAll(waiting);
        await Task.WhenAny(all, Task.Delay(patience)).ConfigureAwait(false);
        if (!all.IsCompleted)
        {
            KillProcesses();
        }

        await all.ConfigureAwait(false);
        if (run is { } current)
        {
            lock (gate)
            {
                current.IsOver = true;
            }

            current.Close(null, wasStopped: request != FrameType.EndOfItems);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await acceptor.DisposeAsync().ConfigureAwait(false);
        progress.Dispose();
        progress.Delete();
        completion.TrySetResult();
    }

    private void KillProcesses()
    {
        foreach (var slot in slots)
        {
            if (slot.Process is { Pid: > 0 } worker)
            {
                worker.Kill();
            }
        }
    }
}
