using System.Globalization;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// How far a run is, as progress records: a line for the run, below it one for each worker, in their order, and below that what the
/// worker's item says of itself. Used by one thread, but for <see cref="Total"/>.
/// </summary>
/// <param name="activity">What the run is called.</param>
/// <param name="ask">Tells how far it is.</param>
/// <param name="write">Takes the records, and whether an item wrote them.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolProgress(string activity, Func<RunProgress> ask, Action<ProgressRecord, bool> write, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // A run that is over by then needs no line, which would only flash up.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    private const string Idle = "idle";

    private static int lastId;

    private readonly int id = NextId();
    private readonly Dictionary<string, WorkerActivity> workers = new(StringComparer.Ordinal);
    private readonly ItemRate rate = new(time);
    private long dueAt = time.GetTimestamp() + TicksOf(Quiet, time);
    private bool isShown;
    private readonly long startedAt = time.GetTimestamp();
    private string shown = "";
    private int openCount;
    private long total = -1;

    /// <summary>How many items there will be, where that is known before the input has ended; negative where not.</summary>
    public long Total
    {
        get => Volatile.Read(ref total);
        set => Volatile.Write(ref total, value);
    }

    /// <summary>How long until the lines are to be shown again.</summary>
    public TimeSpan UntilDue => time.GetTimestamp() is var now && now < dueAt ? time.GetElapsedTime(now, dueAt) : TimeSpan.Zero;

    /// <summary>Shows how far the run is, unless it was shown just now.</summary>
    // Asked for at each input: one look at the clock.
    public void Show()
    {
        if (time.GetTimestamp() >= dueAt)
        {
            ShowNow();
        }
    }

    /// <summary>Passes on what an item says of how far it is.</summary>
    public void Apply(string worker, WorkProgress progress)
    {
        var line = LineOf(worker);
        if (!line.IsShown)
        {
            ShowNow();
        }

        if (!line.IsShown)
        {
            // It has ended by now.
            Show(line, worker, Idle);
        }

        if (progress.IsCompleted)
        {
            if (line.Activities.Remove(progress.ActivityId, out var ended))
            {
                openCount--;
                End(ended, line.Id, Name(progress.Activity), isOfItem: true);
            }

            return;
        }

        if (!line.Activities.TryGetValue(progress.ActivityId, out var mapped))
        {
            line.Activities[progress.ActivityId] = mapped = NextId();
            openCount++;
        }

        var record = new ProgressRecord(mapped, Name(progress.Activity), Name(progress.Status))
        {
            ParentActivityId = line.Activities.GetValueOrDefault(progress.ParentId, line.Id) is var parent && parent != mapped ? parent : line.Id,
            PercentComplete = Math.Clamp(progress.Percent, -1, 100),
            SecondsRemaining = progress.SecondsRemaining,
            CurrentOperation = progress.Operation.Length == 0 ? null : progress.Operation,
        };
        write(record, true);
    }

    /// <summary>Ends what a worker's item has shown and not ended itself.</summary>
    public void EndItem(string worker)
    {
        if (openCount == 0 || !workers.TryGetValue(worker, out var line))
        {
            return;
        }

        foreach (var open in line.Activities.Values)
        {
            openCount--;
            End(open, line.Id, "-", isOfItem: true);
        }

        line.Activities.Clear();
    }

    /// <summary>Takes all lines away: the run is over.</summary>
    /// <returns>What became of it, in a line; null for a run so short that nothing was shown of it.</returns>
    public string? Complete()
    {
        foreach (var (worker, line) in workers)
        {
            EndItem(worker);
            Hide(line, worker);
        }

        if (isShown)
        {
            End(id, -1, activity, isOfItem: false);
        }

        return isShown ? Summary(ask()) : null;
    }

    private static long TicksOf(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static int NextId() => Interlocked.Increment(ref lastId) & int.MaxValue;

    // The engine takes no empty texts, and what breaks lines would break the screen.
    private static string Name(string text)
    {
        var clean = string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        return clean.Length == 0 ? "-" : clean;
    }

    private static string Speed(double perSecond) => $", {perSecond.ToString(perSecond < 10 ? "0.0" : "N0", CultureInfo.CurrentCulture)}/s";

    private static string Troubles(RunProgress progress)
    {
        var culture = CultureInfo.CurrentCulture;
        return (progress.Failed == 0 ? "" : string.Create(culture, $", {progress.Failed:N0} failed")) + (progress.Retried == 0 ? "" : string.Create(culture, $", {progress.Retried:N0} retried"));
    }

    private static string Lasting(TimeSpan span) =>
        span.TotalHours >= 1 ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : span.TotalMinutes >= 1 ? span.ToString(@"m\:ss", CultureInfo.InvariantCulture)
        : $"{span.TotalSeconds.ToString(span.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.CurrentCulture)} s";

    private string TextOf(WorkerStatus worker) => worker.State switch
    {
        WorkerState.Busy => Name(PoolErrors.Shorten(worker.CurrentItem)) + SinceOf(worker),
        WorkerState.Starting => "starting",
        WorkerState.Ended => "ended",
        _ => Idle,
    };

    // From a second on: a time that changes with each look would only flicker.
    private string SinceOf(WorkerStatus worker) =>
        worker.ItemStarted is { } start && Math.Floor((time.GetUtcNow() - start).TotalSeconds) is var seconds and >= 1
            ? $" ({(seconds < 60 ? string.Create(CultureInfo.CurrentCulture, $"{seconds:0} s") : Lasting(TimeSpan.FromSeconds(seconds)))})"
            : "";

    private string Summary(RunProgress progress)
    {
        var culture = CultureInfo.CurrentCulture;
        var span = time.GetElapsedTime(startedAt);
        var slowest = progress.Slowest is { } slow && progress.Ended > 1 ? $", slowest {Lasting(slow.Duration)} ({Name(PoolErrors.Shorten(slow.Input))})" : "";
        return string.Create(culture, $"{activity}: {progress.Ended:N0} {(progress.Ended == 1 ? "item" : "items")} in {Lasting(span)}{Troubles(progress)}{Speed(progress.Ended / span.TotalSeconds)}{slowest}");
    }

    private void ShowNow()
    {
        isShown = true;
        dueAt = time.GetTimestamp() + TicksOf(Interval, time);
        var progress = ask();
        ShowRun(progress);
        foreach (var worker in progress.Workers)
        {
            Show(LineOf(worker.Name), worker.Name, TextOf(worker));
        }
    }

    private void ShowRun(RunProgress progress)
    {
        var perSecond = rate.Update(progress.Ended);
        var all = progress.IsComplete ? progress.Added : Math.Max(Total, progress.Added);
        var isKnown = all > 0 && (progress.IsComplete || Total >= 0);
        var record = new ProgressRecord(id, activity, TextOf(progress, perSecond, isKnown ? all : -1))
        {
            // Without a number the bar is painted as a full one.
            PercentComplete = isKnown ? (int)(progress.Ended * 100 / all) : 0,
            SecondsRemaining = isKnown && perSecond > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling((all - progress.Ended) / perSecond)) : -1,
        };
        if (record.StatusDescription + record.SecondsRemaining != shown)
        {
            shown = record.StatusDescription + record.SecondsRemaining;
            write(record, false);
        }
    }

    private static string TextOf(RunProgress progress, double perSecond, long all)
    {
        var culture = CultureInfo.CurrentCulture;
        if (progress.Ended == 0 && progress.Workers.Count(static worker => worker.State == WorkerState.Starting) is var starting and > 0)
        {
            return string.Create(culture, $"starting {starting} of {progress.WorkerCount} workers{(all < 0 ? "" : string.Create(culture, $" for {all:N0} items"))}");
        }

        var done = all < 0 ? string.Create(culture, $"{progress.Ended:N0} items done") : string.Create(culture, $"{progress.Ended * 100 / all}%, {progress.Ended:N0} of {all:N0} items");
        return done + Troubles(progress) + (perSecond > 0 ? Speed(perSecond) : "");
    }

    private void Show(WorkerActivity line, string worker, string item)
    {
        if (line.Shown != item)
        {
            line.Shown = item;
            write(new ProgressRecord(line.Id, worker, item) { ParentActivityId = id, PercentComplete = 0 }, false);
        }
    }

    private void Hide(WorkerActivity line, string worker)
    {
        if (line.IsShown && line.Activities.Count == 0)
        {
            line.Shown = null;
            End(line.Id, id, worker, isOfItem: false);
        }
    }

    private void End(int activityId, int parentId, string name, bool isOfItem) =>
        write(new ProgressRecord(activityId, name, "-") { ParentActivityId = parentId, RecordType = ProgressRecordType.Completed }, isOfItem);

    private WorkerActivity LineOf(string worker)
    {
        if (!workers.TryGetValue(worker, out var line))
        {
            workers[worker] = line = new WorkerActivity { Id = NextId() };
        }

        return line;
    }

    private sealed class WorkerActivity
    {
        public int Id { get; init; }

        /// <summary>The item it shows; null when it is not on the screen.</summary>
        public string? Shown { get; set; }

        public bool IsShown => Shown is not null;

        /// <summary>Of what its item shows, the item's own numbers and those here.</summary>
        public Dictionary<int, int> Activities { get; } = [];
    }
}
