using QueueLog.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Pool.Scheduling;
using QueueLog.Queue.History;
using QueueLog.Queue.Hosts;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>What a submitter knows of its run: items, chunks, and who takes part. It owns the run's lock.</summary>
/// <param name="options">Of the pool.</param>
/// <param name="runOptions">How items are treated.</param>
/// <param name="hosts">The hosts.</param>
/// <param name="events">Where what happens is told.</param>
/// <param name="log">Where it is written.</param>
/// <param name="isResumed">Whether there is something of an earlier submitter, which is to be known first.</param>
internal sealed class RunSubmission(QueuePoolOptions options, RunOptions runOptions, HostWatch hosts, RunEvents events, PoolLog log, bool isResumed)
{
    private const int LeastOpen = 64;
    private const int OpenForSlot = 4;

    private readonly object gate = new();
    private readonly ChangeSignal changed = new(new object());

    // What is applied is told before the next is: of an item that is tried again, the earlier attempt comes first.
    private readonly SemaphoreSlim applying = new(1);
    private readonly RunItems items = new(runOptions, options.Time);
    private readonly Dictionary<string, SubmittedChunk> chunks = new(StringComparer.Ordinal);
    private readonly HashSet<ChunkClaim> participants = [];
    private readonly List<WorkItem> early = [];
    private HistoryTranslator? translator;
    private volatile bool isClosed;
    private bool isBlocked = isResumed;

    // While there may still be items of its.
    private FormerRun? former;

    /// <summary>Completes when all items have ended, or the run is to end for another reason; null for none.</summary>
    public TaskCompletionSource<RunFailure?> Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when no more items will come.</summary>
    public TaskCompletionSource Complete { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Told when there may be something to publish.</summary>
    public Action Signal { get; set; } = static () => { };

    /// <summary>Told when so many items have failed that the rest is not run.</summary>
    public Action Halted { get; set; } = static () => { };

    public long Expected { get; set; } = -1;

    public DateTimeOffset Started { get; } = options.Time.GetLocalNow();

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsClosed => isClosed;

    /// <summary>Whether all items there are were added. Behind a halt nobody can know.</summary>
    public bool HasWholeInput { get; private set; }

    public bool IsHalted => Read(state => state.IsHalted);

    // Of what was added before it was known what an earlier submitter had left, nobody knows whether that had it run.
    public RunFailure? HaltedBy => Read(state => state.HaltedBy is RunTimedOut over ? over with { Unknown = over.Unknown + early.Count } : state.HaltedBy);

    /// <summary>Whether any host has begun to work for the run.</summary>
    public bool HasHost => Participants.Length > 0;

    /// <summary>The hosts that have taken part, each with its life.</summary>
    public ChunkClaim[] Participants
    {
        get
        {
            lock (gate)
            {
                return [.. participants];
            }
        }
    }

    /// <summary>Whether another item would soon be published.</summary>
    public bool HasRoom
    {
        get
        {
            lock (gate)
            {
                // What an earlier submitter had comes to its end only when all items are known.
                return isClosed || isBlocked || former is not null || (chunks.Count < MostOpen && items.Waiting < 2 * hosts.Slots * items.ChunkTarget);
            }
        }
    }

    /// <summary>The chunks that have not ended.</summary>
    public List<OpenChunk> OpenChunks
    {
        get
        {
            lock (gate)
            {
                return [.. items.Ledger.Chunks.Select(chunk => new OpenChunk(chunk.Key, chunk.Value.Claim, chunk.Value.LastSequence, HostNotes.Is(chunk.Key) ? null : chunks.GetValueOrDefault(chunk.Key)))];
            }
        }
    }

    private HistoryTranslator Translator => translator ??= new HistoryTranslator(items, runOptions.ReportsEnds);

    private int MostOpen => LeastOpen + (OpenForSlot * hosts.Slots);

    /// <summary>Completes when a condition over the chunks holds.</summary>
    public Task WaitAsync(Func<bool> condition, CancellationToken cancellation) => changed.WaitAsync(condition, cancellation);

    public T Read<T>(Func<RunItems, T> read)
    {
        lock (gate)
        {
            return read(items);
        }
    }

    public void Add(WorkItem item)
    {
        ItemsSkipped? skipped = null;
        lock (gate)
        {
            if (isBlocked)
            {
                early.Add(item);
            }
            else if (!isClosed)
            {
                Accept(item);
                skipped = items.DequeueSkipped();
            }
        }

        Post(skipped);
        Signal();
    }

    public void AddUnsendable(WorkItem item, Exception reason)
    {
        ItemEnd end;
        lock (gate)
        {
            end = items.AddUnsendable(item, reason);
            HaltIfDue();
        }

        log.WriteEnds(runOptions, [end]);
        events.Post(new ItemLost(end));
        EndIfDone();
    }

    public void CompleteAdding()
    {
        lock (gate)
        {
            HasWholeInput |= !items.IsHalted;
            items.IsComplete = !isBlocked;
            Complete.TrySetResult();
        }

        EndIfDone();
    }

    /// <summary>What an earlier submitter has left is known: items that it did not have are offered from now on.</summary>
    public void Resume(FormerRun known)
    {
        ItemsSkipped? skipped;
        lock (gate)
        {
            former = known;
            isBlocked = false;
            early.ForEach(Accept);
            early.Clear();
            items.IsComplete = items.IsHalted || Complete.Task.IsCompleted;
            skipped = items.DequeueSkipped();
        }

        Post(skipped);
        Signal();
        EndIfDone();
    }

    /// <summary>All items are known: what comes of the earlier submitter's chunks has somebody to go to.</summary>
    public void OwnFormer(FormerRun known)
    {
        lock (gate)
        {
            former = null;
            foreach (var (chunk, sequence, offer) in known.Offers)
            {
                items.Ledger.Own(chunk, sequence, offer);
                chunks[chunk] = new SubmittedChunk(null, options.Time.GetTimestamp());
            }
        }
    }

    /// <summary>Whether nothing more will come of the earlier submitter's chunks.</summary>
    public bool HasEnded(FormerRun known)
    {
        lock (gate)
        {
            return known.HasEnded(chunks.ContainsKey);
        }
    }

    /// <summary>Takes the items of the next chunk that may be published.</summary>
    public List<QueueItem> Dequeue()
    {
        lock (gate)
        {
            if (isBlocked || isClosed || chunks.Count >= MostOpen)
            {
                return [];
            }

            items.MoveDue();
            return items.DequeueChunk(hosts.Slots);
        }
    }

    /// <summary>A chunk is offered, and will be published.</summary>
    public void Own(string chunk, long sequence, ChunkOffer offer, WorkMessage work)
    {
        lock (gate)
        {
            items.Ledger.Own(chunk, sequence, offer);
            chunks[chunk] = new SubmittedChunk(work, options.Time.GetTimestamp());
        }
    }

    /// <summary>Applies the next message of the histories.</summary>
    public async ValueTask ApplyAsync(string chunk, long sequence, HistoryEvent message, ReportPart[] parts)
    {
        await applying.WaitAsync().ConfigureAwait(false);
        try
        {
            var told = new List<WorkEvent>();
            lock (gate)
            {
                if (message is ChunkOffer offer && HostNotes.Is(chunk))
                {
                    items.Ledger.Own(chunk, sequence, offer);
                }
                else if (items.Ledger.Apply(chunk, sequence, message) is { } history)
                {
                    Apply(chunk, history, message, parts, told);
                }
            }

            await TellAsync(told).ConfigureAwait(false);
        }
        finally
        {
            applying.Release();
        }
    }

    /// <summary>Ends a chunk of which the server has forgotten something that it had told.</summary>
    public void GiveUp(string chunk)
    {
        var told = new List<WorkEvent>();
        lock (gate)
        {
            if (items.Ledger.Chunks.TryGetValue(chunk, out var history))
            {
                options.Failures.Report("queue", FailureSeverity.Permanent, $"The server has forgotten a part of the history of chunk {chunk}. Its items may have run twice. Have the server write to the disk before it acknowledges (sync_interval: always).");
                Translator.Close(chunk, history, items.Ledger.GiveUp(chunk, items.Rule), told);
                chunks.Remove(chunk);
            }
        }

        told.ForEach(events.Post);
        Changed();
    }

    /// <summary>Offers no other items.</summary>
    public void Halt(bool isTimedOut)
    {
        ItemsSkipped? skipped;
        lock (gate)
        {
            items.Halt(isTimedOut);
            Complete.TrySetResult();
            skipped = items.DequeueSkipped();
        }

        Post(skipped);
        EndIfDone();
    }

    /// <summary>Nothing more is wanted.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
        }
    }

    private void Accept(WorkItem item)
    {
        var added = new QueueItem(item);
        if (former?.TryMatch(added) == true)
        {
            items.AddOffered(added);
        }
        else
        {
            items.Add(added);
        }
    }

    private void Apply(string chunk, ChunkHistory history, HistoryEvent message, ReportPart[] parts, List<WorkEvent> told)
    {
        if (message is ChunkClaim claim)
        {
            _ = HostNotes.Is(chunk) && participants.Add(claim);
            if (history.WasReclaimed)
            {
                options.Failures.Report("queue", FailureSeverity.Permanent, $"The server has forgotten a claim of chunk {chunk}: its items may have run twice.");
            }
        }

        if (chunks.GetValueOrDefault(chunk) is { } submitted)
        {
            submitted.Since = options.Time.GetTimestamp();
        }

        Translator.Apply(chunk, history.Claim, parts, told);
        if (history.End is { } reason)
        {
            var before = told.Count;
            Translator.Close(chunk, history, items.Ledger.Close(chunk, items.Rule), told);
            chunks.Remove(chunk);
            if (reason == EndReason.Lost && told[before..] is { Count: > 0 } lost)
            {
                log.WriteEnds(runOptions, lost.OfType<ItemLost>().Select(static end => end.End));
            }
        }

        HaltIfDue();
        if (items.DequeueSkipped() is { } skipped)
        {
            told.Add(skipped);
        }
    }

    private void HaltIfDue()
    {
        if (items.TryHalt())
        {
            Complete.TrySetResult();
            log.Halted($"{items.Failed} of {items.Ended} items failed");
            Halted();
        }
    }

    private async ValueTask TellAsync(List<WorkEvent> told)
    {
        foreach (var workEvent in told)
        {
            await events.WriteAsync(workEvent).ConfigureAwait(false);
        }

        Changed();
    }

    private void Changed()
    {
        changed.Set();
        Signal();
        EndIfDone();
    }

    private void Post(ItemsSkipped? skipped)
    {
        if (skipped is not null)
        {
            events.Post(skipped);
        }
    }

    private void EndIfDone()
    {
        // Until it is known what an earlier submitter has left, what was added is not among the items.
        if (Read(state => !isBlocked && state.IsDone))
        {
            Over.TrySetResult(null);
        }
    }
}
