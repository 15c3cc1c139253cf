using System.Diagnostics;
using System.Management.Automation;
using QueueLog.Pool.Child;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>Passes on how far an item says it is, and not more often than anyone could read it.</summary>
internal sealed class WorkerProgress(WorkerLoop loop)
{
    private static readonly long IntervalTicks = Stopwatch.Frequency / 5;

    // Of a script that numbers its activities without end.
    private const int MostActivities = 100;

    // When each activity was last passed on, by its number: quick items that all use the same share one pace.
    private readonly Dictionary<int, long> saidAt = [];

    // What the item has shown and not ended.
    private readonly HashSet<int> open = [];
    private readonly ByteWriter scratch = new(256);
    private long item = -1;

    public void Report(ProgressRecord record)
    {
        if (loop.Item < 0)
        {
            return;
        }

        if (item != loop.Item)
        {
            item = loop.Item;
            open.Clear();
        }

        var isCompleted = record.RecordType == ProgressRecordType.Completed;
        if (isCompleted ? !open.Remove(record.ActivityId) : !IsDue(record.ActivityId))
        {
            return;
        }

        scratch.Clear(ProtocolLimits.MaxGreetingLength);
        WorkEntryCodec.WriteProgress(scratch, new WorkProgress
        {
            ActivityId = record.ActivityId,
            ParentId = record.ParentActivityId,
            Activity = Shorten(record.Activity),
            Status = Shorten(record.StatusDescription),
            Operation = Shorten(record.CurrentOperation),
            Percent = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
            IsCompleted = isCompleted,
        });
        loop.Report(WorkEntryKind.Progress, scratch.Written);
    }

    private bool IsDue(int activity)
    {
        var now = Stopwatch.GetTimestamp();
        if (saidAt.TryGetValue(activity, out var before) && now - before < IntervalTicks)
        {
            return false;
        }

        if (saidAt.Count >= MostActivities)
        {
            saidAt.Clear();
        }

        saidAt[activity] = now;
        open.Add(activity);
        return true;
    }

    // A line of a screen.
    private static string Shorten(string? text)
    {
        const int Longest = 500;
        return text is null ? "" : text.Length <= Longest ? text : text[..Longest];
    }
}
