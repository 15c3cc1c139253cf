using QueueLog.Listener;
using QueueLog.Records;

namespace QueueLog.Reporting;

/// <summary>What happened when, in stretches of equal length. They become longer with the run, so that they never become too many.</summary>
internal sealed class TimeBuckets
{
    private const int Most = 4096;

    private readonly Dictionary<long, TimeBucket> buckets = [];
    private long first = long.MaxValue;
    private long last = long.MinValue;

    /// <summary>Length of a stretch in ticks.</summary>
    public long Width { get; private set; } = TimeSpan.TicksPerMillisecond;

    /// <summary>Those in which something happened, in order, with the UTC ticks of their begin.</summary>
    public IEnumerable<(long Start, TimeBucket Bucket)> Filled => buckets.OrderBy(bucket => bucket.Key).Select(bucket => (bucket.Key * Width, bucket.Value));

    public void AddRecord(long time, int level)
    {
        Cover(time, time);
        At(time / Width).Levels[level]++;
    }

    /// <summary>Notes that an item ended.</summary>
    public void AddEnd(long time, bool isFailure)
    {
        Cover(time, time);
        var bucket = At(time / Width);
        bucket.Failed += isFailure ? 1 : 0;
        bucket.Completed += isFailure ? 0 : 1;
    }

    /// <summary>Notes that a worker was busy.</summary>
    public void AddBusy(long start, long end)
    {
        if (end <= start)
        {
            return;
        }

        Cover(start, end);
        for (var index = start / Width; index * Width < end; index++)
        {
            var bucket = At(index);
            bucket.Busy = Saturating.Add(bucket.Busy, Math.Min(end, (index + 1) * Width) - Math.Max(start, index * Width));
        }
    }

    private TimeBucket At(long index)
    {
        if (!buckets.TryGetValue(index, out var bucket))
        {
            buckets[index] = bucket = new TimeBucket();
        }

        return bucket;
    }

    private void Cover(long from, long to)
    {
        first = Math.Min(first, from);
        last = Math.Max(last, to);
        while (last / Width - first / Width >= Most)
        {
            Double();
        }
    }

    private void Double()
    {
        Width *= 2;
        var narrow = buckets.ToArray();
        buckets.Clear();
        foreach (var (index, bucket) in narrow)
        {
            At(index / 2).Add(bucket);
        }
    }
}

/// <summary>What happened in a stretch of time.</summary>
internal sealed class TimeBucket
{
    /// <summary>Items that ended well.</summary>
    public long Completed { get; set; }

    /// <summary>Items that ended otherwise.</summary>
    public long Failed { get; set; }

    /// <summary>Ticks that workers were busy, all together.</summary>
    public long Busy { get; set; }

    /// <summary>Records by level.</summary>
    public long[] Levels { get; } = new long[(int)LogLevel.Critical + 1];

    public void Add(TimeBucket other)
    {
        Completed += other.Completed;
        Failed += other.Failed;
        Busy = Saturating.Add(Busy, other.Busy);
        for (var level = 0; level < Levels.Length; level++)
        {
            Levels[level] += other.Levels[level];
        }
    }
}
