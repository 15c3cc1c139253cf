using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Gathers records in the sinks' buffers and commits them: checkpoint, files, heads, in this order. Used by the dispatcher's thread.</summary>
/// <param name="options">What is brought to the disk itself.</param>
/// <param name="parts">Sinks and checkpoint.</param>
/// <param name="rings">The clients that have rings.</param>
/// <param name="failures">Where troubles go.</param>
/// <param name="giveUp">Ends the wait for files that take nothing.</param>
internal sealed class BatchWriter(ListenerOptions options, ListenerParts parts, RingSources rings, FailureLog failures, CancellationToken giveUp)
{
    // So much is committed at once, however much more there is: writers wait for their room.
    private const int Enough = 1024 * 1024;

    private readonly SinkGroup sinks = new(parts.Sinks);
    private readonly Checkpoint? ownCheckpoint = parts.Checkpoint;
    private readonly BatchIntent intent = new();
    private readonly List<PlannedAppend> appends = [];
    private readonly List<RecordSource> touched = [];
    private int pendingBytes;
    private bool syncDue;
    private bool checkpointFailed;
    private volatile bool waiting;

    /// <summary>Whether a file takes nothing at present, and everything waits for it.</summary>
    public bool IsWaiting => waiting;

    /// <summary>Whether the time to wait for a file is over: what is not written stays in the journal.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Whether the last commit brought everything into the files.</summary>
    public bool IsHealthy => sinks.IsHealthy;

    /// <summary>How long the last sync took.</summary>
    public TimeSpan SyncTime => sinks.SyncTime;

    public bool IsFull => pendingBytes >= Enough;

    /// <summary>Gives a record to the sinks.</summary>
    /// <param name="record">The record.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="source">Whose it is; null for one of the listener's own.</param>
    /// <param name="before">The place before it, if it came from a ring.</param>
    public void Add(scoped in RecordView record, int length, RecordSource? source, RingPosition before)
    {
        var needsRoll = sinks.Write(in record);
        syncDue |= record.Level >= options.SyncLevel;
        pendingBytes += length;
        Touch(source);
        if (needsRoll)
        {
            Roll(source, before, length);
        }
    }

    /// <summary>A record is read, and is not to be written.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="source">Whose it is.</param>
    public void Skip(int length, RecordSource source)
    {
        pendingBytes += length;
        Touch(source);
    }

    /// <inheritdoc cref="SinkGroup.IsWanted"/>
    public bool IsWanted(LogLevel level) => sinks.IsWanted(level);

    /// <summary>Everything that was handed over before the levels were changed has been added.</summary>
    public void ApplyLevels() => sinks.ApplyLevels();

    /// <summary>Brings everything that was added into the files.</summary>
    /// <param name="sync">Whether it is to reach the disk itself.</param>
    /// <returns>Whether it is there.</returns>
    public bool Commit(bool sync)
    {
        if (pendingBytes > 0 || sync)
        {
            CommitCore(withoutLast: false, null, default, sync);
            pendingBytes = 0;
        }

        return IsHealthy;
    }

    private void Touch(RecordSource? source)
    {
        if (source is { IsTouched: false })
        {
            source.IsTouched = true;
            touched.Add(source);
        }
    }

    // The last record begins a new file: a batch never spans a roll, so that its files can be cut back.
    private void Roll(RecordSource? source, RingPosition before, int length)
    {
        CommitCore(withoutLast: true, source, before, sync: options.Durable);
        pendingBytes = length;
        if (HasGivenUp)
        {
            return;
        }

        sinks.Roll();
        if (options.Durable)
        {
            sinks.Sync();
        }
    }

    private void CommitCore(bool withoutLast, RecordSource? current, RingPosition before, bool sync)
    {
        if (HasGivenUp)
        {
            return;
        }

        FaultPoint.Reach(JournalFault.BatchFormatted);
        if (!Plan(withoutLast, current, before) || !Persist(() => sinks.Flush(withoutLast)))
        {
            HasGivenUp = true;
            return;
        }

        FaultPoint.Reach(JournalFault.BatchWritten);
        if (sync || syncDue)
        {
            sinks.Sync();
            syncDue = false;
        }

        MoveHeads(current, before);
        FaultPoint.Reach(JournalFault.HeadsMoved);
        ownCheckpoint?.Clear();
        MarkWritten(current);
    }

    /// <returns>False when a file cannot be opened and the time to wait for it is over.</returns>
    private bool Plan(bool withoutLast, RecordSource? current, RingPosition before)
    {
        if (ownCheckpoint is not { } checkpoint)
        {
            return true;
        }

        intent.Clear();
        foreach (var source in rings)
        {
            var place = PositionOf(source, current, before);
            if (place.Position > source.Ring!.Head)
            {
                intent.Rings.Add(new RingAdvance(source.Ring.Id, place.Position, place.Sequence));
            }
        }

        foreach (var feed in parts.Feeds.Moved)
        {
            intent.Feeds.Add(new FeedAdvance(feed.Key, feed.Read));
        }

        // What else came over the pipe cannot be read again: there is nothing to be told of it.
        if (intent.Rings.Count == 0 && intent.Feeds.Count == 0)
        {
            return true;
        }

        if (!Persist(() => sinks.Plan(appends, withoutLast)))
        {
            return false;
        }

        foreach (var append in appends)
        {
            intent.Files.Add(new FileGrowth(append.Path, append.Length, append.Length + append.Bytes));
        }

        try
        {
            checkpoint.Write(intent);
            checkpointFailed = false;
        }
        catch (IOException e)
        {
            if (!checkpointFailed)
            {
                checkpointFailed = true;
                failures.Report("journal", FailureSeverity.Temporary, $"The checkpoint cannot be written; if this process is killed now, the last records may be written twice: {e.Message}", e);
            }
        }

        FaultPoint.Reach(JournalFault.CheckpointWritten);
        return true;
    }

    /// <summary>Does something with the files, again and again while one of them cannot be written.</summary>
    private bool Persist(Func<bool> action)
    {
        var pause = default(RetryPause);
        while (true)
        {
            var isDone = action();
            waiting = !isDone;
            if (isDone)
            {
                return true;
            }

            // Nothing is lost meanwhile: the heads stand, the rings fill, the writers wait.
            if (giveUp.IsCancellationRequested || giveUp.WaitHandle.WaitOne(pause.Next()))
            {
                return false;
            }
        }
    }

    private void MoveHeads(RecordSource? current, RingPosition before)
    {
        foreach (var source in rings)
        {
            var place = PositionOf(source, current, before);
            var ring = source.Ring!;
            if (place.Position > ring.Head)
            {
                ring.Commit(place.Position, place.Sequence);
            }

            if (ring.ConsumeRoomWanted())
            {
                source.Session?.Answers.SendRoom();
            }
        }

        try
        {
            parts.Feeds.Commit();
        }
        catch (IOException e)
        {
            failures.Report("journal", FailureSeverity.Temporary, $"It cannot be kept how far the log has the records of other machines; if this process is killed now, some may be written twice: {e.Message}", e);
        }
    }

    private static RingPosition PositionOf(RecordSource source, RecordSource? current, RingPosition before) =>
        ReferenceEquals(source, current) ? before : new RingPosition(source.Ring!.Position, source.LastSequence);

    private void MarkWritten(RecordSource? current)
    {
        if (!IsHealthy)
        {
            return;
        }

        foreach (var source in touched)
        {
            source.IsTouched = false;
            source.MarkWritten(exceptLast: ReferenceEquals(source, current));
        }

        touched.Clear();
        if (current is not null)
        {
            current.IsTouched = true;
            touched.Add(current);
        }
    }
}

/// <summary>A place in a ring: its position, and the number of the record before it.</summary>
internal readonly record struct RingPosition(long Position, long Sequence);
