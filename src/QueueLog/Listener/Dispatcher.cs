using System.Collections.Concurrent;
using System.Diagnostics;
using QueueLog.Diagnostics;

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
    private readonly FailureLog failures;
    private readonly BatchWriter batch;
    private readonly ListenerEvents own;
    private readonly ClientRecords records;
    private readonly RingSources rings;
    private readonly RingIntake intake;
    private readonly FeedIntake feeds;
    private readonly SessionIntake sessions;
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
        Events = new SessionEvents(options.EventCapacity, table, parts.Journals, wake.Set);
        rings = new RingSources(parts.Journals, failures, table);
        batch = new BatchWriter(options, parts, rings, failures, giveUp);
        own = new ListenerEvents(batch, options.Spool?.Host);
        records = new ClientRecords(batch, own, options.Time, wake.Set);
        intake = new RingIntake(rings, batch, records, own, failures) { Exits = options.Exits };
        feeds = new FeedIntake(parts.Feeds, batch, records, own, failures);
        sessions = new SessionIntake(Events, intake, records, own, failures) { Feeds = feeds };
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
        var taken = ApplyChanges() + sessions.Read() + intake.Drain();
        if (taken > 0)
        {
            intake.ReportDisorder();
            sessions.ReportDisorder();
        }

        records.SetAlarm();
        queued.ReportTroubles(own);

        // Who waits, waits for the disk where the log is durable; many share one sync.
        var isSynced = options.Durable && (sessions.HasFlushes || rings.Waiters > 0 || feeds.HasAnswers);
        batch.Commit(isSynced);
        sessions.AcknowledgeFlushes(batch);
        feeds.Answer();

        // Who has begun to wait since then, where the log is durable, has the next round's sync to wait for.
        acknowledged = isSynced || !options.Durable || batch.HasGivenUp ? rings.AcknowledgeWaiters(batch.IsHealthy && !batch.HasGivenUp) : 0;
        sessions.End(batch);
        intake.Retire();

        // Whoever has waited will probably write again at once.
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

        for (var reads = options.EventCapacity; reads > 0 && sessions.HasMore; reads--)
        {
            sessions.Read();
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
        else if (!rings.HasMore && !sessions.HasMore && changes.IsEmpty && !completing)
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
        while (!batch.HasGivenUp && sessions.HasMore);

        // To where the rings end now: a writer without a connection has not heard of the end, and may go on for ever. What it
        // writes from here on is the next listener's.
        intake.DrainAll();
        records.SetLimit(RecordLimit.None);
        Round();
        queued.Close(closeTimeout, own);
        batch.Commit(sync: options.Durable);
        rings.AcknowledgeWaiters(isKept: false);
    }
}
