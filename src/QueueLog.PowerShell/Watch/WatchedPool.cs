using QueueLog.Pool;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Watch;

/// <summary>What is known of the pool that is watched: its last answer, whether it still gives any, how fast it is.</summary>
internal sealed class WatchedPool(TimeProvider time)
{
    private ItemRate rate = new(time);

    /// <summary>Its last answer.</summary>
    public PoolStatus? Status { get; private set; }

    /// <summary>Since when it does not answer; null while it does.</summary>
    public DateTimeOffset? GoneSince { get; private set; }

    /// <summary>Items that end in a second.</summary>
    public double Rate { get; private set; }

    /// <summary>How many others could be watched.</summary>
    public int Others { get; private set; }

    public DateTimeOffset Now => time.GetLocalNow();

    /// <summary>How long the rest takes at the present rate; null where nobody can tell.</summary>
    public TimeSpan? Left => GoneSince is null && Rate > 0 && Status!.ItemsTotal - Status.ItemsEnded is > 0 and var left
        ? TimeSpan.FromSeconds(Math.Min(left / Rate, TimeSpan.FromDays(999).TotalSeconds))
        : null;

    /// <summary>Takes the answers of all pools.</summary>
    /// <param name="found">Those that may be watched, the one that a user would look for first.</param>
    public void Update(IReadOnlyList<PoolStatus> found)
    {
        Others = found.Count - 1;
        if (Status is null)
        {
            Choose(found.Count > 0 ? found[0] : null);
            return;
        }

        if (found.FirstOrDefault(IsSame) is { } answer)
        {
            if (answer.RunStarted != Status.RunStarted)
            {
                rate = new ItemRate(time);
            }

            GoneSince = null;
            Status = answer;
            Rate = rate.Update(answer.ItemsEnded);
        }
        else
        {
            GoneSince ??= Now;
        }
    }

    /// <summary>Goes on to the next pool.</summary>
    public void Next(IReadOnlyList<PoolStatus> found)
    {
        if (found.Count > 0)
        {
            var at = found.ToList().FindIndex(IsSame);
            Choose(found[(at + 1) % found.Count]);
        }
    }

    private bool IsSame(PoolStatus other) => Status is not null && other.Pid == Status.Pid && other.Name == Status.Name && other.Started == Status.Started;

    private void Choose(PoolStatus? status)
    {
        Status = status;
        GoneSince = null;
        rate = new ItemRate(time);
        Rate = status is null ? 0 : rate.Update(status.ItemsEnded);
    }
}
