namespace QueueLog.Reporting;

/// <summary>The items of job logs by their indexes. Each run begins with index 0, so that an index may be that of many items.</summary>
internal sealed class ItemIndex
{
    // Of so many items of an index, before and behind a time, one is the item that a record of that time is of.
    private const int Near = 8;

    private readonly Dictionary<long, List<ReportItem>> items = [];
    private bool isSorted = true;

    public void Add(ReportItem item)
    {
        if (items.TryGetValue(item.Index, out var others))
        {
            others.Add(item);
            isSorted = false;
        }
        else
        {
            items.Add(item.Index, new List<ReportItem>(1) { item });
        }
    }

    /// <summary>The item that a record is of, or, of an attempt before the last, belongs to.</summary>
    /// <param name="index">The index that the record names.</param>
    /// <param name="lane">The lane of its worker; -1 for none.</param>
    /// <param name="pid">The worker's process; 0 if that is not known.</param>
    /// <param name="attempt">The attempt that it names; 0 for none.</param>
    /// <param name="time">Its time.</param>
    /// <returns>Null if there is none.</returns>
    public ReportItem? Find(long index, int lane, int pid, int attempt, long time)
    {
        if (!items.TryGetValue(index, out var found))
        {
            return null;
        }

        Sort();
        var place = Math.Max(0, PlaceOf(found, time) - Near);
        var best = (Rank: int.MaxValue, Distance: long.MaxValue);
        ReportItem? nearest = null;
        for (var end = Math.Min(found.Count, place + 2 * Near); place < end; place++)
        {
            var item = found[place];
            var rank = IsSame(item, lane, pid, attempt) ? 0 : item.Attempt > Math.Max(1, attempt) ? 1 : int.MaxValue;
            var fit = (rank, Math.Max(0, Math.Max(item.Start - time, time - item.End)));
            if (rank != int.MaxValue && fit.CompareTo(best) < 0)
            {
                best = fit;
                nearest = item;
            }
        }

        return nearest;
    }

    /// <summary>Whether a record is of the attempt at an item that the job log has: the last.</summary>
    public static bool IsSame(ReportItem item, int lane, int pid, int attempt) =>
        (attempt == 0 || item.Attempt == attempt)
        && (pid > 0 && item.Pid > 0 ? item.Pid == pid : lane < 0 || item.Lane < 0 || item.Lane == lane);

    private static int PlaceOf(List<ReportItem> sorted, long time)
    {
        var (from, to) = (0, sorted.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = sorted[middle].Start <= time ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private void Sort()
    {
        if (!isSorted)
        {
            foreach (var others in items.Values.Where(others => others.Count > 1))
            {
                others.Sort(static (one, other) => one.Start.CompareTo(other.Start));
            }

            isSorted = true;
        }
    }
}
