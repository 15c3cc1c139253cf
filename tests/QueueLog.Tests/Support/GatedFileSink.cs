using System.Text;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>A file of which a test knows every step, and which stands still when the test wants it to.</summary>
internal sealed class GatedFileSink : IFileSink
{
    private readonly object gate = new();
    private readonly List<string> steps = [];
    private readonly List<string> pending = [];

    /// <summary>Set: syncs go through.</summary>
    public ManualResetEventSlim Syncing { get; } = new(true);

    /// <summary>Set: flushes go through.</summary>
    public ManualResetEventSlim Flushing { get; } = new(true);

    /// <summary>The message that must begin a new file.</summary>
    public string? RollBefore { get; init; }

    public bool NeedsRoll { get; private set; }

    public string[] Steps
    {
        get
        {
            lock (gate)
            {
                return [.. steps];
            }
        }
    }

    public void Write(scoped in RecordView record)
    {
        var message = Encoding.UTF8.GetString(record.Message);
        pending.Add(message);
        NeedsRoll = message == RollBefore;
    }

    public void Plan(List<PlannedAppend> appends, bool withoutLast)
    {
    }

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast)
    {
        var count = pending.Count - (withoutLast ? 1 : 0);
        if (count > 0)
        {
            Note("flush " + string.Join(' ', pending.Take(count)));
            Flushing.Wait();
            pending.RemoveRange(0, count);
        }
    }

    public void Roll()
    {
        NeedsRoll = false;
        Note("roll");
    }

    public void Sync()
    {
        Note("sync");
        Syncing.Wait();
    }

    public Task WaitForAsync(Func<string[], bool> condition, TimeSpan deadline) => Task.Run(() =>
    {
        var until = DateTime.UtcNow + deadline;
        lock (gate)
        {
            while (!condition([.. steps]))
            {
                var left = until - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                {
                    throw new TimeoutException($"Only this came: {string.Join(", ", steps)}.");
                }
            }
        }
    });

    public void Dispose()
    {
    }

    private void Note(string step)
    {
        lock (gate)
        {
            steps.Add(step);
            Monitor.PulseAll(gate);
        }
    }
}
