using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>All sinks of a listener as one. Used by the dispatcher's thread.</summary>
internal sealed class SinkGroup(IReadOnlyList<SinkGuard> sinks)
{
    /// <summary>Whether the last flush, and the syncs after it, brought everything into the files.</summary>
    public bool IsHealthy { get; private set; } = true;

    /// <summary>How long the last sync took.</summary>
    public TimeSpan SyncTime { get; private set; }

    /// <summary>Gives a record to each.</summary>
    /// <returns>Whether it begins a new file at one of them.</returns>
    public bool Write(scoped in RecordView record)
    {
        var needsRoll = false;
        for (var i = 0; i < sinks.Count; i++)
        {
            sinks[i].Write(in record);
            needsRoll |= sinks[i].NeedsRoll;
        }

        return needsRoll;
    }

    /// <summary>Whether any sink takes records of this level.</summary>
    public bool IsWanted(LogLevel level)
    {
        for (var i = 0; i < sinks.Count; i++)
        {
            if (sinks[i].Wants(level))
            {
                return true;
            }
        }

        return false;
    }

    public void ApplyLevels()
    {
        for (var i = 0; i < sinks.Count; i++)
        {
            sinks[i].ApplyLevel();
        }
    }

    /// <summary>Begins the new files that are due.</summary>
    public void Roll()
    {
        for (var i = 0; i < sinks.Count; i++)
        {
            if (sinks[i].NeedsRoll)
            {
                sinks[i].Roll();
            }
        }
    }

    /// <summary>Tells what a flush will append to which files.</summary>
    /// <returns>False when one of them cannot be opened at present.</returns>
    public bool Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        appends.Clear();
        var isComplete = true;
        for (var i = 0; i < sinks.Count; i++)
        {
            isComplete &= sinks[i].Plan(appends, withoutLast);
        }

        return isComplete;
    }

    /// <summary>Brings what was written into the files.</summary>
    /// <returns>False when it is worth to wait for one of them, and to try again.</returns>
    public bool Flush(bool withoutLast)
    {
        IsHealthy = true;
        for (var i = 0; i < sinks.Count; i++)
        {
            IsHealthy &= sinks[i].Flush(withoutLast) || !sinks[i].KeepsRecords;
        }

        for (var i = 0; i < sinks.Count; i++)
        {
            if (sinks[i].IsWorthWaiting)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Brings the files to the disk itself.</summary>
    public void Sync()
    {
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; i < sinks.Count; i++)
        {
            IsHealthy &= sinks[i].Sync() || !sinks[i].KeepsRecords;
        }

        SyncTime = Stopwatch.GetElapsedTime(since);
    }
}
