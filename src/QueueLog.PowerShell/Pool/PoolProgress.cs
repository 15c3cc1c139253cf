using System.Globalization;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// How far a run is, as progress records: a line for the run, below it one for each busy worker, and below that what the worker's
/// item says of itself. Used by one thread.
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

    private static int lastId;

    private readonly int id = NextId();
    private readonly Dictionary<string, WorkerActivity> workers = new(StringComparer.Ordinal);
    private readonly ItemRate rate = new(time);
    private long dueAt = time.GetTimestamp() + TicksOf(Quiet, time);
    private bool isShown;
    private string shown = "";
    private int openCount;

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
            Show(line, worker, "-");
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
    public void Complete()
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

    private void ShowNow()
    {
        isShown = true;
        dueAt = time.GetTimestamp() + TicksOf(Interval, time);
        var progress = ask();
        ShowRun(progress);
        foreach (var worker in progress.Workers)
        {
            var line = LineOf(worker.Name);
            if (worker.State == WorkerState.Busy)
            {
                Show(line, worker.Name, PoolErrors.Shorten(worker.CurrentItem));
            }
            else
            {
                Hide(line, worker.Name);
            }
        }
    }

    private void ShowRun(RunProgress progress)
    {
        var culture = CultureInfo.CurrentCulture;
        var perSecond = rate.Update(progress.Ended);
        var of = progress.IsComplete ? string.Create(culture, $" of {progress.Added:N0}") : "";
        var failed = progress.Failed == 0 ? "" : string.Create(culture, $", {progress.Failed:N0} failed");
        var speed = perSecond <= 0 ? "" : perSecond < 10 ? string.Create(culture, $", {perSecond:0.0} a second") : string.Create(culture, $", {perSecond:N0} a second");
        var text = string.Create(culture, $"{progress.Ended:N0}{of} items done{failed}{speed}");
        if (text == shown)
        {
            return;
        }

        shown = text;
        var record = new ProgressRecord(id, activity, text);
        if (progress.IsComplete && progress.Added > 0)
        {
            record.PercentComplete = (int)(progress.Ended * 100 / progress.Added);
            record.SecondsRemaining = perSecond > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling((progress.Added - progress.Ended) / perSecond)) : -1;
        }

        write(record, false);
    }

    private void Show(WorkerActivity line, string worker, string item)
    {
        if (line.Shown != item)
        {
            line.Shown = item;
            write(new ProgressRecord(line.Id, worker, Name(item)) { ParentActivityId = id }, false);
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
