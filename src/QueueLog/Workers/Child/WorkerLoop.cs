using System.Diagnostics;
using System.Globalization;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Workers.Child;

/// <summary>The worker's side of a pool: receives definitions and items, has them run, answers, and ends with the pool.</summary>
internal sealed class WorkerLoop
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // A dead pool's worker is gone after at most this, whatever its code or its log client are doing.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1.5);

    // How long code that was asked to stop may take before the results are handed over without it.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(0.4);

    private readonly string address;
    private readonly int slot;
    private readonly string token;
    private readonly Inbox inbox = new();
    private readonly ManualResetEventSlim ran = new();
    private PipeConnection connection = null!;
    private Outbox outbox = null!;
    private ProgressBoard progress = null!;
    private IWorkRunner runner = null!;
    private volatile bool isPoolGone;
    private int isLeaving;

    // Used by the main thread only.
    private long begun;
    private long startedAt;
    private int loadedRun = -1;
    private bool wasReady;

    private WorkerLoop(string address, int slot, string token)
    {
        this.address = address;
        this.slot = slot;
        this.token = token;
    }

    /// <summary>The worker's name: <c>Worker-1</c> and so on.</summary>
    public string Name => "Worker-" + (slot + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>0-based index of the item under way, or -1.</summary>
    public long Item { get; private set; } = -1;

    /// <summary>Whether the present run is to be given up.</summary>
    public bool IsCancelled => inbox.IsCancelled;

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
        var parts = value?.Split('|');
        return parts is { Length: 3 } && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            ? new WorkerLoop(parts[0], slot, parts[2])
            : null;
    }

    /// <summary>Works until the pool has no more use for this process, and ends it.</summary>
    public void Run(IWorkRunner workRunner)
    {
        runner = workRunner;
        ProcessGroup.Lead();
        ProcessContext.Name = ProcessContext.Worker = Name;
        try
        {
            connection = PipeConnector.Connect(address, ConnectTimeout);
            progress = ProgressBoard.Open(address, slot);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // The pool ended while this process was starting.
            DeleteRemains();
            ProcessGroup.KillSelf();
            return;
        }

        connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
        outbox = new Outbox(connection);
        var hello = new ByteWriter(128);
        var frame = hello.BeginFrame(FrameType.WorkerHello);
        WorkCodec.WriteHello(hello, token, Environment.ProcessId);
        hello.EndFrame(frame);
        connection.Send(hello.Written);
        new Thread(ReadLoop) { IsBackground = true, Name = "QueueLog pool reader" }.Start();
        runner.Run(this);
        ran.Set();
        Exit(0);
    }

    /// <summary>Waits for what comes next.</summary>
    public WorkKind Wait() => inbox.Wait();

    public WorkDefinition TakeDefinition()
    {
        var definition = inbox.TakeDefinition();
        loadedRun = -1;
        return definition;
    }

    /// <summary>Runs the items of a definition from now on; the pool is told the first time, for then it knows that this process is sound.</summary>
    public void Ready(int id)
    {
        loadedRun = id;
        if (!wasReady)
        {
            wasReady = true;
            SendReady(id, "", "");
        }
    }

    /// <summary>Tells the pool that a definition cannot be loaded; its items will be passed over.</summary>
    public void NotReady(int id, string errorId, string message) => SendReady(id, errorId, message);

    /// <summary>Takes the next item and takes note, where no death of this process can wipe it out, that it has begun.</summary>
    /// <returns>False for an item whose definition could not be loaded.</returns>
    public bool TryTakeItem(out ReadOnlySpan<byte> value)
    {
        value = inbox.TakeItem(out var index, out var run);
        progress.Write(slot, ++begun);
        if (run != loadedRun)
        {
            return false;
        }

        startedAt = Stopwatch.GetTimestamp();
        Item = index;
        ProcessContext.Item = index;
        return true;
    }

    /// <summary>Adds what the item under way, or the initialization, has to say.</summary>
    public void Say(WorkEntryKind kind, ReadOnlySpan<byte> body) => outbox.Append(kind, Item, body);

    public void EndItem()
    {
        if (Item >= 0)
        {
            outbox.AppendEnd(Item, startedAt, inbox.HasMore);
            Item = -1;
            ProcessContext.Item = -1;
        }
    }

    /// <summary>Gives up the item under way and all that were sent with it, and tells the pool when nothing more of them will come.</summary>
    public void ConfirmCancellation()
    {
        Item = -1;
        ProcessContext.Item = -1;
        begun += inbox.DiscardCancelled();
        progress.Write(slot, begun);
        var writer = new ByteWriter(16);
        var frame = writer.BeginFrame(FrameType.RunCancelled);
        writer.EndFrame(frame);
        Send(writer);
    }

    /// <summary>Ends the process, with everything said before on its way.</summary>
    public void Exit(int code)
    {
        if (Interlocked.Exchange(ref isLeaving, 1) != 0)
        {
            // Another thread is ending the process and this one has nothing more to do in it.
            Thread.Sleep(Timeout.Infinite);
        }

        outbox.Flush();
        EndContext();
        if (isPoolGone)
        {
            ProcessGroup.KillSelf();
        }

        ProcessGroup.ExitNow(code);
    }

    private void SendReady(int id, string errorId, string message)
    {
        var writer = new ByteWriter(128);
        var frame = writer.BeginFrame(FrameType.WorkerReady);
        WorkCodec.WriteReady(writer, id, errorId, message);
        writer.EndFrame(frame);
        Send(writer);
    }

    private void Send(ByteWriter writer)
    {
        try
        {
            outbox.Send(writer.Written);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pool is gone; the reader sees it too.
        }
    }

    // A thread of its own: user code may keep the main thread and the thread pool busy for as long as it likes.
    private void ReadLoop()
    {
        try
        {
            while (connection.Read() is { } frame)
            {
                switch (frame.Type)
                {
                    case FrameType.WorkDefinition:
                        inbox.Add(WorkCodec.ReadDefinition(frame.Payload.Span));
                        break;
                    case FrameType.Items:
                        inbox.AddItems(frame.Payload.Span);
                        break;
                    case FrameType.EndOfItems:
                        inbox.End(discard: false);
                        break;
                    case FrameType.CancelRun:
                        inbox.Cancel();
                        runner.Interrupt();
                        break;
                    case FrameType.StopWork:
                        Stop();
                        break;
                    default:
                        throw new ProtocolException($"The pool sent a frame of type {frame.Type}.");
                }
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or ObjectDisposedException)
        {
            // Broken or ended is the same: the pool is gone.
        }

        Abandon();
    }

    private void Stop()
    {
        inbox.End(discard: true);

        // First of all: the results of finished items must not depend on code that may not stop.
        outbox.Flush();
        runner.Stop();
        ran.Wait(StopPatience);
        Exit(0);
    }

    private void Abandon()
    {
        isPoolGone = true;
        new Thread(static () =>
        {
            Thread.Sleep(LastMoment);
            ProcessGroup.KillSelf();
        })
        { IsBackground = true }.Start();
        DeleteRemains();
        if (Interlocked.Exchange(ref isLeaving, 1) == 0)
        {
            EndContext();
            ProcessGroup.KillSelf();
        }
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

    // A pool that was killed could not tidy up behind itself.
    private void DeleteRemains()
    {
        try
        {
            File.Delete(ProgressBoard.PathFor(address));
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
