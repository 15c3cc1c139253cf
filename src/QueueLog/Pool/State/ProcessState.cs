using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>What a pool knows of one process of a worker: how far it is, and what it was sent. Guarded by the pool's lock.</summary>
/// <param name="process">The process.</param>
internal sealed class ProcessState(IWorkerProcess process)
{
    private readonly ByteWriter requests = new(64);

    public IWorkerProcess Process { get; } = process;

    public ProcessPhase Phase { get; private set; } = ProcessPhase.Starting;

    public ProcessRetirement Retirement { get; private set; }

    /// <summary>Number of the run it was asked to give up and has not; 0 for none.</summary>
    public int CancelledRun { get; private set; }

    /// <summary>Whether it has ever loaded a definition: one that dies before that will hardly do better the next time.</summary>
    public bool WasReady { get; set; }

    /// <summary>Bytes of memory it used when that was first measured; 0 before.</summary>
    public long FirstMemory { get; set; }

    /// <summary>Whether it was sent what prepares a warm pool's workers.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>Number of the definition it was sent last; 0 for none.</summary>
    public int DefinitionId { get; set; }

    /// <summary>Items it was sent.</summary>
    public long Sent { get; set; }

    /// <summary>Items it was sent before the present run.</summary>
    public long SentBefore { get; set; }

    /// <summary>Whether what was composed for it is being sent. Whoever sends asks for more before it leaves, so that frames keep their order.</summary>
    public bool IsSending { get; set; }

    /// <summary>What is being sent to it.</summary>
    public OutgoingFrames Outgoing { get; } = new();

    /// <summary>Whether there may be something to send to it.</summary>
    public bool CanReceive => Phase == ProcessPhase.Working || (Phase == ProcessPhase.Cancelling && requests.Length > 0);

    /// <summary>It has greeted.</summary>
    public void Connect() => Phase = ProcessPhase.Working;

    /// <summary>Asks it to give up a run. It gets nothing more before it has.</summary>
    public void Cancel(int run)
    {
        Phase = ProcessPhase.Cancelling;
        CancelledRun = run;

        // By the same way as the items it is about, so that it cannot overtake them.
        Request(FrameType.CancelRun);
    }

    /// <summary>It has given up the run.</summary>
    /// <returns>False where that comes too late.</returns>
    public bool TryConfirm()
    {
        if (Phase != ProcessPhase.Cancelling)
        {
            return false;
        }

        Phase = ProcessPhase.Working;
        CancelledRun = 0;
        SentBefore = Sent;
        return true;
    }

    /// <summary>It is being killed: from here on it is asked for nothing, and gets no work that would go down with it.</summary>
    public void Abandon() => Phase = ProcessPhase.Abandoned;

    /// <summary>It did not give up a run in time, and its confirmation comes too late from here on.</summary>
    /// <returns>False where it has.</returns>
    public bool TryAbandon(int run)
    {
        if (Phase != ProcessPhase.Cancelling || CancelledRun != run)
        {
            return false;
        }

        Abandon();
        return true;
    }

    /// <summary>It has ended.</summary>
    /// <returns>Number of the run it was to give up; 0 for none.</returns>
    public int End()
    {
        var cancelled = CancelledRun;
        CancelledRun = 0;
        Phase = ProcessPhase.Ended;
        return cancelled;
    }

    /// <summary>Asks it to give back what it has not begun.</summary>
    public void Withdraw() => Request(FrameType.Withdraw);

    /// <summary>Asks it to stop an item.</summary>
    public void Stop(long index)
    {
        var frame = requests.BeginFrame(FrameType.StopItem);
        WorkCodec.WriteStopItem(requests, index);
        requests.EndFrame(frame);
    }

    /// <summary>Gives it no more items, and has it give back those it has not begun.</summary>
    public void Retire(int heldItems)
    {
        if (Retirement == ProcessRetirement.None)
        {
            Retirement = ProcessRetirement.Retiring;
        }

        if (heldItems > 1)
        {
            Withdraw();
        }
    }

    /// <summary>Tells it that no more items will come.</summary>
    public void RequestEnd()
    {
        Retirement = ProcessRetirement.EndRequested;
        Outgoing.Add(FrameType.EndOfItems);
    }

    /// <summary>Moves what it is asked into what is sent to it.</summary>
    public void ComposeRequests()
    {
        Outgoing.Copy(requests.Written);
        requests.Clear();
    }

    private void Request(FrameType type) => requests.EndFrame(requests.BeginFrame(type));
}

/// <summary>How far a process is, from its start to its end.</summary>
internal enum ProcessPhase
{
    /// <summary>It has not greeted yet.</summary>
    Starting,

    /// <summary>It takes items, or waits for some.</summary>
    Working,

    /// <summary>It was asked to give up a run.</summary>
    Cancelling,

    /// <summary>It did not give up the run, or stop its item, in time, and is being killed.</summary>
    Abandoned,

    /// <summary>It has ended.</summary>
    Ended,
}

/// <summary>Whether a process is to end when it has done what it holds, as one too many, or as having run long enough.</summary>
internal enum ProcessRetirement
{
    None,

    /// <summary>It gets no more items.</summary>
    Retiring,

    /// <summary>It held none any more, and was told that none will come.</summary>
    EndRequested,
}
