using System.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Child;
using QueueLog.Pool.Processes;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.State;

/// <summary>Plays <see cref="WorkerSupervisor"/> in a <see cref="PoolModel"/>.</summary>
internal sealed class PlayedSupervisor(PoolState pool, SharedProgress progress, Worker worker, List<PlayedRun> runs, Action<PoolActions> perform, Func<bool> isEnding)
{
    private int starts;

    public Worker Worker => worker;

    public PlayedProcess? Process { get; private set; }

    public bool IsDone => starts == 0 && Process is null;

    public void Start() => starts++;

    public PlayedProcess? ProcessOf(ProcessState state) => Process?.State == state ? Process : null;

    public void Supervise(int chance)
    {
        Process?.DieIfKilled(chance);
        if (Process is { IsAlive: false } dead)
        {
            // What it had sent is read to the end first; what it had not is lost.
            Process = null;
            perform(pool.Ended(worker, dead.State, progress.Read(worker.Index), new WorkerDeath(0, 1, []), isEnding(), progress.ReadStart(worker.Index)));
        }
        else if (Process is { IsConnected: false } process)
        {
            process.IsConnected = true;
            perform(pool.Connected(worker, process.State));
        }
        else if (Process is null && starts > 0)
        {
            progress.Clear(worker.Index);
            if (!isEnding() && pool.TryAssign(worker, new WorkerProcess(new ProcessStartInfo(), "token", "mark")) is { } state)
            {
                Process = new PlayedProcess(pool, progress, worker, state, runs, perform);
            }
            else
            {
                starts--;
                perform(default);
            }
        }
    }
}

/// <summary>Plays a worker's process, with the queue of a real one.</summary>
internal sealed class PlayedProcess(PoolState pool, SharedProgress progress, Worker worker, ProcessState state, List<PlayedRun> runs, Action<PoolActions> perform)
{
    private readonly ByteWriter results = new();
    private long begun;
    private long item = -1;
    private bool isStuck;
    private bool hangs;
    private bool isBeingKilled;

    public ProcessState State => state;

    public WorkQueue Queue { get; } = new();

    public bool IsAlive { get; set; } = true;

    public bool IsConnected { get; set; }

    public bool IsSending { get; set; }

    public void Kill()
    {
        Assert.False(isBeingKilled, "A process was killed twice.");
        isBeingKilled = true;
    }

    /// <summary>Dies, if it is being killed, which may take a while: until then it goes on.</summary>
    public void DieIfKilled(int chance) => IsAlive &= !isBeingKilled || chance % 4 != 0;

    /// <summary>Takes what is being sent to it; the pool composes what has come together since.</summary>
    public void Deliver()
    {
        if (!IsSending || !IsAlive)
        {
            return;
        }

        var sent = Assert.Single(state.Outgoing.Parts);
        while (FrameReader.TryRead(ref sent, ProtocolLimits.MaxFrameLength, out var frame, out _))
        {
            Receive(frame);
        }

        IsSending = pool.ComposeNext(worker, state);
        if (!IsSending)
        {
            var actions = default(PoolActions);
            actions.Add(new Watch());
            perform(actions);
        }
    }

    /// <summary>Ends its item, or takes what comes next.</summary>
    public void Work(int chance)
    {
        if (!IsAlive || !IsConnected || isStuck || (hangs && chance != 0))
        {
            return;
        }

        if (Queue.Next == WorkKind.Cancel && (item < 0 || chance % 2 == 0))
        {
            SendResults();
            item = -1;
            progress.End(worker.Index);
            Count(Queue.DiscardCancelled());
            if (!isStuck)
            {
                perform(pool.Cancelled(worker, state, progress.Read(worker.Index)));
            }

            return;
        }

        if (item >= 0)
        {
            // An item that hangs does so until its process is killed.
            if (!hangs)
            {
                EndItem(chance % 5 == 1 ? ItemOutcome.Failed : ItemOutcome.Completed);
            }

            return;
        }

        switch (Queue.Next)
        {
            case WorkKind.Definition:
                var definition = Queue.DequeueDefinition();
                perform(pool.Ready(worker, state, definition.Id, null));
                break;
            case WorkKind.Item:
                BeginItem(chance);
                break;
            case WorkKind.Withdraw:
                foreach (var index in Queue.DequeueWithdrawn())
                {
                    Count(1);
                    Write(index, ItemOutcome.NotBegun);
                }

                break;
            case WorkKind.End:
                SendResults();
                IsAlive = false;
                break;
        }
    }

    public void SendResults()
    {
        if (IsAlive && IsConnected && results.Length > 0)
        {
            var frame = ResultFrame.Read(results.Written);
            results.Clear();
            perform(pool.Received(worker, state, frame));
        }
    }

    public override string ToString() => $"at item {item}, next {Queue.Next}, {(isStuck ? "stuck" : hangs ? "hangs" : IsSending ? "is being sent to" : "")}";

    private void Receive(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.WorkDefinition:
                Queue.Add(WorkCodec.ReadDefinition(frame.Payload.Span));
                break;
            case FrameType.Items:
                Queue.AddItems(frame.Payload.ToArray());
                break;
            case FrameType.CancelRun:
                Queue.Cancel();
                break;
            case FrameType.Withdraw:
                Queue.Withdraw();
                break;
            case FrameType.EndOfItems:
                Queue.End(discard: false);
                break;
            case FrameType.StopItem when item == WorkCodec.ReadStopItem(frame.Payload.Span) && !hangs:
                EndItem(ItemOutcome.Stopped);
                break;
        }
    }

    private void BeginItem(int chance)
    {
        Queue.DequeueItem(out var index, out var attempt, out var run);

        // Some have begun long ago by the clock; some of these do not stop when they are told to.
        var ago = chance % 7 == 1 ? TimeSpan.FromHours(3) : TimeSpan.Zero;
        if (!progress.TryBegin(worker.Index, ++begun, Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency)))
        {
            isStuck = true;
            return;
        }

        // Of a run that is given up, it may not have heard yet.
        Assert.False(isBeingKilled && !runs[run - 1].WasCutShort && !runs[run - 1].Run.IsHalted, $"Item {index} was begun in a process that is being killed.");
        runs[run - 1].Begin(index, attempt);
        item = index;
        hangs = ago > TimeSpan.Zero && chance % 3 == 0 && runs[run - 1].Run.Options.ItemTimeout is not null;
    }

    private void EndItem(ItemOutcome outcome)
    {
        progress.End(worker.Index);
        Write(item, outcome);
        item = -1;
    }

    private void Count(int items)
    {
        if (progress.TryCount(worker.Index, begun, begun + items))
        {
            begun += items;
        }
        else
        {
            isStuck = true;
        }
    }

    private void Write(long index, ItemOutcome outcome)
    {
        Span<byte> body = stackalloc byte[WorkEntryCodec.EndedLength];
        WorkEntryCodec.WriteEnded(body, outcome, 1, DateTime.UtcNow.Ticks, null);
        var start = WorkEntryCodec.BeginEntry(results, WorkEntryKind.Ended, index);
        results.WriteBytes(body);
        WorkEntryCodec.EndEntry(results, start);
    }
}
