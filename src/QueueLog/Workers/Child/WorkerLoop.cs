using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Workers.Child;

/// <summary>The worker's side of a pool: receives definitions and items, has them run, answers, and ends with the pool.</summary>
internal sealed class WorkerLoop : IPoolOrders
{
    private const long NoItem = -1;
    private const long Claimed = -2;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(60);

    // A pool may be killed while its workers are still starting: between two attempts they look whether it is there.
    private static readonly TimeSpan ConnectAttempt = TimeSpan.FromMilliseconds(100);

    // A dead pool's worker is gone after at most this, whatever its code or its log client are doing.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1.5);

    // How often, and in what distance, a pool is looked for that has closed the pipe: nearly to the last moment, since the system
    // takes its time to end a process where it has much to do.
    private const int LooksForPool = 60;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // How long code that was asked to stop may take before this process ends without it: less than the pool waits.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1.5);

    private readonly string address;
    private readonly int slot;
    private readonly string token;
    private readonly int poolPid;
    private readonly string mark = Environment.GetEnvironmentVariable(ProcessMark.Variable) ?? "";
    private readonly WorkQueue queue = new();
    private readonly ManualResetEventSlim ran = new();
    private readonly ManualResetEventSlim tidied = new();
    private PipeConnection connection = null!;
    private PoolReader reader = null!;
    private ResultBatcher batcher = null!;
    private SharedProgress progress = null!;
    private LastRecords records = null!;
    private IWorkRunner runner = null!;
    private volatile bool isPoolGone;
    private int isLeaving;

    // The loop that was begun before the engine; taken once.
    private static WorkerLoop? begunEarly;
    private Task<bool>? preparation;
    private readonly ByteWriter hello = new(128);

    // The item under way as both threads see it: the pool's reader may claim it for a stop, and then its end is not the main
    // thread's alone any more. -1 for none, -2 for one that was claimed.
    private long guarded = NoItem;

    // Used by the main thread only.
    private long begun;
    private long startedAt;
    private long startedUtcTicks;
    private int loadedRun = -1;
    private bool wasReady;

    private WorkerLoop(string address, int slot, string token, int poolPid)
    {
        this.address = address;
        this.slot = slot;
        this.token = token;
        this.poolPid = poolPid;
    }

    /// <summary>The worker's name: <c>Worker-1</c> and so on.</summary>
    public string Name => "Worker-" + (slot + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>0-based index of the item under way, or -1.</summary>
    public long Item { get; private set; } = NoItem;

    /// <summary>What the worker itself has to say in the log.</summary>
    public WorkerLog Log { get; } = new();

    /// <summary>Whether the present run is to be given up.</summary>
    public bool IsCancelled => queue.IsCancelled;

    /// <summary>Connects to the pool on a thread of its own, while the main thread has an engine to start: a third of what is left to do then.</summary>
    public static void BeginEarly()
    {
        if (Parse(Environment.GetEnvironmentVariable(WorkerCommandLine.WorkerVariable)) is { } loop)
        {
            var module = Environment.GetEnvironmentVariable(WorkerCommandLine.ModuleVariable);
            begunEarly = loop;
            loop.preparation = Task.Factory.StartNew(loop.Prepare, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

            // Nothing depends on it: what goes wrong there will do so again where it is told.
            _ = loop.preparation.ContinueWith(_ => WarmUp(module), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Makes the loop for the pool that started this process; null when none did.</summary>
    public static WorkerLoop? FromEnvironment()
    {
        var value = Environment.GetEnvironmentVariable(WorkerCommandLine.WorkerVariable);

        // What the worker itself starts is no worker.
        Environment.SetEnvironmentVariable(WorkerCommandLine.WorkerVariable, null);
        foreach (var name in Environment.GetEnvironmentVariable(WorkerCommandLine.SettingsVariable)?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable(WorkerCommandLine.SettingsVariable, null);
        Environment.SetEnvironmentVariable(WorkerCommandLine.ModuleVariable, null);
        return Interlocked.Exchange(ref begunEarly, null) ?? Parse(value);
    }

    /// <summary>Works until the pool has no more use for this process, and ends it.</summary>
    public void Run(IWorkRunner workRunner)
    {
        runner = workRunner;
        ProcessContext.Name = ProcessContext.Worker = Name;
        if (!(preparation?.GetAwaiter().GetResult() ?? Prepare()))
        {
            return;
        }

        ProcessContext.HandedOver = records.Note;

        // Only now: the pool gives work to whoever has greeted, and waits no longer than for that.
        connection.Send(hello.Written);
        runner.Run();
        if (Item >= 0)
        {
            Log.ItemGivenUp(Item);
        }

        ran.Set();
        Exit(0);
    }

    /// <summary>Waits for what comes next.</summary>
    public WorkKind Wait()
    {
        if (queue.Next is { } next)
        {
            return next;
        }

        reader.ReadWhileIdle();
        return queue.Wait();
    }

    public WorkDefinition TakeDefinition()
    {
        var definition = queue.TakeDefinition();
        loadedRun = -1;
        Log.Begin(definition);
        return definition;
    }

    /// <summary>Runs the items of a definition from now on; the pool is told the first time, for then it knows that this process is sound.</summary>
    public void Ready(int id)
    {
        loadedRun = id;
        Log.FindListener();
        if (!wasReady)
        {
            wasReady = true;
            SendReady(id, "", "");
        }
    }

    /// <summary>Tells the pool that a definition cannot be loaded; its items will be passed over.</summary>
    public void NotReady(int id, RunFailure failure) => SendReady(id, failure.ErrorId, failure.Message);

    /// <summary>Takes the next item and takes note, where no death of this process can wipe it out, that it has begun.</summary>
    /// <returns>False for an item whose definition could not be loaded.</returns>
    public bool TryTakeItem(out ReadOnlySpan<byte> value)
    {
        value = queue.TakeItem(out var index, out var attempt, out var run);
        startedAt = Stopwatch.GetTimestamp();
        if (!progress.TryBegin(slot, ++begun, startedAt))
        {
            AwaitKill();
        }

        if (run != loadedRun)
        {
            progress.End(slot);
            return false;
        }

        startedUtcTicks = DateTime.UtcNow.Ticks;
        Item = index;
        Volatile.Write(ref guarded, index);
        ProcessContext.Attempt = attempt;
        ProcessContext.Item = index;
        Log.ItemStarted(index);
        return true;
    }

    /// <summary>Adds what the item under way, or the initialization, has to say.</summary>
    public void Say(WorkEntryKind kind, ReadOnlySpan<byte> body) => batcher.Append(kind, Item, body);

    /// <summary>Ends the item under way.</summary>
    /// <returns>False when it was claimed for a stop: that stop may still hit whatever runs on in the same pipeline.</returns>
    public bool EndItem(ItemOutcome outcome)
    {
        if (Item < 0)
        {
            return true;
        }

        var isUnclaimed = Interlocked.CompareExchange(ref guarded, NoItem, Item) == Item;
        progress.End(slot);

        // Before the pool hears of it: when the run is over, this is in the log.
        Log.ItemEnded(Item, startedAt, wasStopped: outcome == ItemOutcome.Stopped);
        batcher.AppendEnd(Item, outcome, startedAt, startedUtcTicks, queue.HasMore);
        Item = NoItem;
        ProcessContext.Item = NoItem;
        return isUnclaimed;
    }

    /// <summary>Whether the item under way was stopped because the pool asked for that.</summary>
    public bool IsItemStopped => Volatile.Read(ref guarded) == Claimed;

    /// <summary>Gives back the items that are not begun.</summary>
    public void GiveBack()
    {
        foreach (var index in queue.TakeWithdrawn())
        {
            // Counted as begun and ended at once, so that pool and worker count alike.
            Count(1);
            batcher.AppendEnd(index, ItemOutcome.NotBegun, 0, 0, moreToCome: true);
        }

        batcher.Flush();
    }

    /// <summary>Gives up the item under way and all that were sent with it, and tells the pool when nothing more of them will come.</summary>
    public void ConfirmCancellation()
    {
        if (Item >= 0)
        {
            Log.ItemGivenUp(Item);
        }

        Item = NoItem;
        ProcessContext.Item = NoItem;
        Volatile.Write(ref guarded, NoItem);
        progress.End(slot);
        Count(queue.DiscardCancelled());
        Send(FrameType.RunCancelled);
    }

    /// <summary>Ends the process, with everything said before on its way.</summary>
    public void Exit(int code)
    {
        if (Interlocked.Exchange(ref isLeaving, 1) != 0)
        {
            // Another thread is ending the process and this one has nothing more to do in it.
            Thread.Sleep(Timeout.Infinite);
        }

        batcher.Flush();
        EndContext();
        if (isPoolGone)
        {
            // Another thread may be removing what the pool has left, and nobody comes behind it.
            tidied.Wait(LastMoment);
            KillAll();
        }

        ProcessGroup.ExitNow(code);
    }

    void IPoolOrders.Interrupt() => runner.Interrupt();

    void IPoolOrders.Acknowledge() => Acknowledge();

    void IPoolOrders.Stop()
    {
        queue.End(discard: true);

        // First of all: the results of finished items must not depend on code that may not stop. They are sent before the answer.
        Acknowledge();
        runner.Stop();
        ran.Wait(StopTimeout);
        Exit(0);
    }

    // Claimed before it is stopped: an item that ends at this moment must not leave the stop to the next one. What is to be
    // stopped is found before the claim, for the same reason.
    void IPoolOrders.StopItem(long index)
    {
        var stop = runner.StopOfItem();
        if (Interlocked.CompareExchange(ref guarded, Claimed, index) == index)
        {
            // What it has said so far must not depend on code that may not stop.
            batcher.Flush();
            stop();
        }
    }

    void IPoolOrders.Abandon()
    {
        isPoolGone = true;

        // Who would know of it that another item was begun?
        queue.End(discard: true);
        new Thread(() =>
        {
            Thread.Sleep(LastMoment);
            KillAll();
        })
        { IsBackground = true }.Start();
        DeleteRemains();
        tidied.Set();
        if (Interlocked.Exchange(ref isLeaving, 1) == 0)
        {
            EndContext();
            KillAll();
        }
    }

    private static WorkerLoop? Parse(string? value)
    {
        var parts = value?.Split('|');
        return parts is { Length: 4 }
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? new WorkerLoop(parts[0], slot, parts[2], pid)
            : null;
    }

    /// <summary>Does what needs no engine, up to the greeting.</summary>
    /// <returns>False when there is no pool any more.</returns>
    private bool Prepare()
    {
        SpeakUtf8();
        if (ProcessGroup.Lead() is { } reason)
        {
            Console.Error.WriteLine($"QueueLog: programs that this worker starts may outlive it, since it cannot be put into a job object: {reason}");
        }

        try
        {
            connection = Connect();
            progress = SharedProgress.Open(address, slot);
            records = LastRecords.Open(address, slot);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // The pool ended while this process was starting.
            DeleteRemains();
            KillAll();
            return false;
        }

        connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
        batcher = new ResultBatcher(connection);
        var frame = hello.BeginFrame(FrameType.WorkerHello);
        WorkCodec.WriteHello(hello, token, Environment.ProcessId);
        hello.EndFrame(frame);
        reader = new PoolReader(connection, queue, this);
        reader.Start();
        return true;
    }

    /// <summary>Loads what the first definition and the import of the module would load.</summary>
    private static void WarmUp(string? module)
    {
        _ = WorkCodec.ReadDefinition(PoolRun.ToFrame(new WorkDefinition()).Span[FrameReader.HeaderLength..]);
        if (File.Exists(module))
        {
            _ = Assembly.LoadFrom(module).GetExportedTypes();
        }
    }

    // As its pool reads it. The programs it starts write as its console says, which is its own and has no window.
    private static void SpeakUtf8()
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            }
            catch (IOException)
            {
                // There is no console at all.
            }
        }
    }

    private PipeConnection Connect()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return PipeConnector.Connect(address, ConnectAttempt);
            }
            catch (TimeoutException) when (Stopwatch.GetElapsedTime(since) < ConnectTimeout && ProcessStart.Of(poolPid) is not null)
            {
            }
        }
    }

    private void Count(int items)
    {
        if (!progress.TryCount(slot, begun, begun + items))
        {
            AwaitKill();
        }

        begun += items;
    }

    // The pool found the last item overdue at the moment it ended, and will kill this process.
    private static void AwaitKill() => Thread.Sleep(Timeout.Infinite);

    private void SendReady(int id, string errorId, string message)
    {
        var writer = new ByteWriter(128);
        var frame = writer.BeginFrame(FrameType.WorkerReady);
        WorkCodec.WriteReady(writer, id, errorId, message);
        writer.EndFrame(frame);
        Send(writer);
    }

    private void Acknowledge() => Send(FrameType.StopAcknowledged);

    private void Send(FrameType empty)
    {
        var writer = new ByteWriter(16);
        writer.EndFrame(writer.BeginFrame(empty));
        Send(writer);
    }

    private void Send(ByteWriter writer)
    {
        try
        {
            batcher.Send(writer.Written);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pool is gone; the reader sees it too.
        }
    }

    // Without a pool there is no one else to do it.
    private void KillAll()
    {
        if (mark.Length > 0)
        {
            ProcessMark.Kill(mark);
        }

        ProcessGroup.KillSelf();
    }

    private static void EndContext()
    {
        var last = new Thread(EndClients) { IsBackground = true };
        last.Start();
        last.Join(TimeSpan.FromSeconds(1));
    }

    private static void EndClients()
    {
        try
        {
            ProcessContext.RaiseEnding();
        }
#pragma warning disable CA1031 // the process ends; there is no one left to tell
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    // A pool that was killed could not tidy up behind itself. One that lives has only lost this worker, and the others need what
    // would be deleted; of one that is just dying the system may close this pipe first, and its socket a moment later.
    private void DeleteRemains()
    {
        for (var look = 0; PipeConnector.IsAnswering(address); look++)
        {
            if (look == LooksForPool)
            {
                return;
            }

            Thread.Sleep(BetweenLooks);
        }

        if (OperatingSystem.IsWindows())
        {
            // What is mapped cannot be deleted there.
            progress?.Dispose();
            records?.Dispose();
        }

        try
        {
            File.Delete(SharedProgress.PathFor(address));
            LastRecords.DeleteAll(address);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(address);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another worker is at it.
        }
    }
}
