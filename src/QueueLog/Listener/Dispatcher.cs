using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using QueueLog.Diagnostics;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The only one that gives records to the sinks: takes them from the rings and from the sessions' events, in batches, on a thread of its own.</summary>
internal sealed class Dispatcher
{
    // With less than this in a round the next one waits a little: one write for many records, and time for their writers.
    private const int Busy = 64 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(1);

    // How often rings without a connection are looked at.
    private static readonly TimeSpan Attention = TimeSpan.FromMilliseconds(50);

    // After an error that nobody expected: whatever it is, it is not to be repeated in a tight loop.
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    private readonly ListenerOptions options;
    private readonly ListenerParts parts;
    private readonly ChannelReader<SessionEvent> events;
    private readonly FailureLog failures;
    private readonly ClientTable table;
    private readonly BatchWriter batch;
    private readonly ListenerEvents own;
    private readonly ClientRecords records;
    private readonly RingSources rings;
    private readonly RingIntake intake;
    private readonly FeedIntake feeds;

    // Flushes to be answered, each with the place in its ring up to which everything has to be written.
    private readonly List<(ListenerSession Session, long Number, long Place)> flushes = [];

    // Clients without a ring that have sent something in this round.
    private readonly HashSet<RecordSource> overPipe = [];
    private readonly List<RecordSource> ended = [];

    private readonly QueuedSinks queued;
    private readonly ManualResetEventSlim wake = new(false, spinCount: 0);
    private readonly TaskCompletionSource recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(ListenerOptions Options, TaskCompletionSource Applied)> changes = new();

    // Whose levels and limit hold at present.
    private ListenerOptions applied;
    private volatile bool completing;
    private TimeSpan closeTimeout;

    // Clients whose wait was answered in the last round.
    private int acknowledged;

    /// <param name="options">What its user asked for.</param>
    /// <param name="parts">Sinks and journals.</param>
    /// <param name="failures">Where troubles go.</param>
    /// <param name="table">Where the clients are listed.</param>
    /// <param name="giveUp">Ends the wait for files that take nothing.</param>
    public Dispatcher(ListenerOptions options, ListenerParts parts, FailureLog failures, ClientTable table, CancellationToken giveUp)
    {
        this.options = applied = options;
        this.parts = parts;
        this.failures = failures;
        this.table = table;
        Events = new SessionEvents(options.EventCapacity, table, parts.Journals, wake.Set);
        events = Events.Reader;
        rings = new RingSources(parts.Journals, failures, table);
        batch = new BatchWriter(options, parts, rings, failures, giveUp);
        own = new ListenerEvents(batch, options.Spool?.Host);
        records = new ClientRecords(batch, own, options.Time, wake.Set);
        intake = new RingIntake(rings, batch, records, own, failures) { Exits = options.Exits };
        feeds = new FeedIntake(parts.Feeds, batch, records, own, failures);
        queued = new QueuedSinks(parts.QueuedSinks, wake.Set);
        new Thread(Run) { IsBackground = true, Name = "QueueLog dispatcher" }.Start();
    }

    /// <summary>Where the sessions say what they have to say.</summary>
    public SessionEvents Events { get; }

    /// <summary>Completes when what an earlier listener left is written.</summary>
    public Task Recovered => recovered.Task;

    /// <summary>Completes when everything is written, or was given up.</summary>
    public Task Completion => completion.Task;

    /// <summary>Whether a file takes nothing at present, and everything waits for it.</summary>
    public bool IsWaiting => batch.IsWaiting;

    /// <summary>Goes by other levels and another limit behind everything that has been handed over.</summary>
    /// <returns>Completes when that is done, or the dispatcher has ended.</returns>
    public Task ApplyAsync(ListenerOptions changed)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changes.Enqueue((changed, done));
        wake.Set();
        return Task.WhenAny(done.Task, Completion);
    }

    /// <summary>No session will say anything more: writes what is there and ends.</summary>
    /// <param name="timeout">How long sinks behind queues get to take the rest.</param>
    public void Complete(TimeSpan timeout)
    {
        closeTimeout = timeout;
        completing = true;
        wake.Set();
    }

    private void Run()
    {
        Guarded(Recover);

        // What an earlier listener left came in another time than it is written in.
        records.SetLimit(options.Limit);
        recovered.TrySetResult();
        while (!completing)
        {
            var taken = 0;
            Guarded(() => taken = Round());
            if (taken < Busy && !completing)
            {
                Idle(linger: taken > 0);
            }
        }

        Guarded(Finish);
        rings.Release();
        completion.SetResult();
    }

    // What goes wrong here was expected by nobody, and must not end the log.
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            failures.Report("dispatcher", FailureSeverity.Permanent, $"An unexpected error: {e.Message}", e);
            Thread.Sleep(AfterError);
        }
    }

    private void Recover()
    {
        var left = parts.LeftRings.Select(rings.Adopt).ToArray();
        intake.DrainAll();
        intake.ReportDisorder();
        var count = left.Sum(source => source.Recovered);
        if (count > 0)
        {
            own.Recovered(count);
        }

        foreach (var reason in parts.UnreadableRings)
        {
            own.Unreadable(reason);
        }

        batch.Commit(sync: options.Durable);
        intake.Retire();
    }

    /// <returns>Bytes taken.</returns>
    private int Round()
    {
        AwaitWaiters();
        records.EndSecond();
        var taken = ApplyChanges() + ReadInbox() + intake.Drain();
        if (taken > 0)
        {
            intake.ReportDisorder();
            foreach (var source in overPipe)
            {
                intake.ReportDisorder(source);
            }

            overPipe.Clear();
        }

        records.SetAlarm();
        queued.ReportTroubles(own);

        // Who waits, waits for the disk where the log is durable; many share one sync.
        var isSynced = options.Durable && (flushes.Count > 0 || rings.Waiters > 0 || feeds.HasAnswers);
        batch.Commit(isSynced);
        AcknowledgeFlushes();
        feeds.Answer();

        // Who has begun to wait since then, where the log is durable, has the next round's sync to wait for.
        acknowledged = isSynced || !options.Durable || batch.HasGivenUp ? rings.AcknowledgeWaiters(batch.IsHealthy && !batch.HasGivenUp) : 0;
        EndSessions();
        intake.Retire();

        // Who has waited comes again at once, as like as not.
        return acknowledged > 0 ? Busy : taken;
    }

    /// <returns>Bytes taken, or at least as many as keep the dispatcher awake when something has changed.</returns>
    private int ApplyChanges()
    {
        // Those that come meanwhile have more before them.
        var count = changes.Count;
        if (count == 0)
        {
            return 0;
        }

        for (var reads = options.EventCapacity; reads > 0 && events.TryPeek(out _); reads--)
        {
            ReadInbox();
        }

        // A writer may have written before its greeting was heard.
        rings.FindUnknown();
        intake.DrainAll();
        for (; count > 0 && changes.TryDequeue(out var change); count--)
        {
            Apply(change.Options);
            change.Applied.SetResult();
        }

        return Busy;
    }

    private void Apply(ListenerOptions changed)
    {
        if (changed.MinimumLevel != applied.MinimumLevel || changed.ConsoleMinimumLevel != applied.ConsoleMinimumLevel)
        {
            batch.ApplyLevels();
        }

        records.SetLimit(changed.Limit);
        applied = changed;
    }

    // Those who were answered write their next records now. To wait for all of them costs less than a sync of their own for
    // the slower ones: at most half of what a sync takes.
    private void AwaitWaiters()
    {
        if (options.Durable && acknowledged > 1)
        {
            var since = Stopwatch.GetTimestamp();
            while (rings.Waiters < acknowledged && Stopwatch.GetElapsedTime(since) < batch.SyncTime / 2)
            {
                Thread.Yield();
            }
        }
    }

    private void Idle(bool linger)
    {
        // Marked first, then looked at once more: what was written in between is not missed.
        rings.MarkIdle(isAsleep: !linger);
        if (linger)
        {
            if (rings.Waiters == 0)
            {
                wake.Wait(Linger);
            }
        }
        else if (!rings.HasMore && !events.TryPeek(out _) && changes.IsEmpty && !completing)
        {
            wake.Wait(rings.HasUnattended || batch.HasGivenUp ? Attention : Timeout.InfiniteTimeSpan);
        }

        rings.MarkAwake();
        wake.Reset();
    }

    private void Finish()
    {
        rings.FindUnknown();
        do
        {
            Round();
        }
        while (!batch.HasGivenUp && events.TryPeek(out _));

        // To where the rings end now: a writer without a connection has not heard of the end, and may go on for ever. What it
        // writes from here on is the next listener's.
        intake.DrainAll();
        records.SetLimit(RecordLimit.None);
        Round();
        queued.Close(closeTimeout, own);
        batch.Commit(sync: options.Durable);
        rings.AcknowledgeWaiters(isKept: false);
    }

    private int ReadInbox()
    {
        var taken = 0;
        while (taken < Busy * 4 && events.TryRead(out var entry))
        {
            var session = entry.Session;
            switch (entry.Kind)
            {
                case SessionEventKind.Journal:
                    Attach(session, entry.Path!);
                    break;
                case SessionEventKind.Batch:
                    taken += entry.Records.Length;
                    AddBatch(session, entry.Records);
                    entry.Return();
                    break;
                case SessionEventKind.Feed:
                    taken += entry.Records.Length;
                    feeds.Add(session, entry.Records);
                    entry.Return();
                    break;
                case SessionEventKind.FeedMissing:
                    own.HostMissing(entry.Path!, entry.Number);
                    break;
                case SessionEventKind.Flush:
                    flushes.Add((session, entry.Number, session.Source is { HasEnded: false, Ring: { } ring } ? ring.Tail : 0));
                    break;
                case SessionEventKind.Lost:
                    session.Source!.CountLost(entry.Number);
                    own.Lost(session.Source, entry.Number);
                    break;
                case SessionEventKind.End:
                    End(session, session.Source!);
                    break;
            }
        }

        return taken;
    }

    private void Attach(ListenerSession session, string ring)
    {
        if (rings.Attach(session, ring, out var fault) is not { } source)
        {
            session.RefuseJournal(fault);
            return;
        }

        intake.ReportLost(source);
        table.Forget(session.Source!);
        session.Source = source;
    }

    private void End(ListenerSession session, RecordSource source)
    {
        ended.Add(source);

        // A client that came back may have been quicker than the end of its old connection.
        if (ReferenceEquals(source.Session, session))
        {
            source.Session = null;
        }

        if (source.Ring is null)
        {
            // It may have made a ring, and died before it could say so.
            rings.FindUnknown();
        }
    }

    private void AddBatch(ListenerSession session, ReadOnlySpan<byte> bytes)
    {
        var source = session.Source!;
        var length = bytes.Length;
        overPipe.Add(source);
        try
        {
            while (RecordCodec.TryRead(ref bytes, source.Client, out var record))
            {
                source.Count(record.Sequence);
                records.Add(in record, length - bytes.Length, source, default);
                length = bytes.Length;
            }
        }
        catch (ProtocolException e)
        {
            failures.ReportClient($"client {source.Client.Process} (pid {source.Client.Pid})", FailureSeverity.Final, $"Cut off: the rest of a batch is unreadable: {e.Message}", e);
            session.Drop();
        }
    }

    private void AcknowledgeFlushes()
    {
        // In their order: the last answer to a client that ends is its last.
        var left = 0;
        for (var i = 0; i < flushes.Count; i++)
        {
            var (session, number, place) = flushes[i];
            if (batch.HasGivenUp || session.Source is not { HasEnded: false, Ring: { } ring } || ring.Head >= place)
            {
                session.Acknowledge(number, batch.IsHealthy && !batch.HasGivenUp && session.Source is not { IsUnreadable: true });
            }
            else
            {
                flushes[left++] = flushes[i];
            }
        }

        flushes.RemoveRange(left, flushes.Count - left);
    }

    // Behind the last of its records, so that its counts are final.
    private void EndSessions()
    {
        foreach (var source in ended)
        {
            if (source.Ring is null)
            {
                if (!source.SaidGoodbye && source.LastSequence > 0)
                {
                    own.Vanished(source, options.Exits.Of(source.Client.Pid));
                    batch.Commit(sync: false);
                }

                table.End(source);
            }
        }

        ended.Clear();
    }
}
