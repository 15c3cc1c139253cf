using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Leaves out what comes too often, and says how much that was when the second is over. Used by the dispatcher's thread.</summary>
internal sealed class RecordLimiter : IDisposable
{
    // Kinds counted at a time. In a second that has more of them, the rest is not limited.
    internal const int Slots = 4096;

    // Places a kind may have: it is looked for in no others.
    private const int Neighbours = 8;

    // Of a text that is shown as an example.
    private const int LongestExample = 200;

    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly RecordLimit limit;
    private readonly TimeProvider time;
    private readonly ITimer alarm;
    private readonly Slot[] slots = new Slot[Slots];

    // Those of which something was left out in the second under way.
    private readonly List<int> exceeded = new(16);
    private long second = 1;
    private long since;

    /// <param name="limit">How many of what.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wake">Wakes the dispatcher for <see cref="EndSecond"/> where nothing else does.</param>
    public RecordLimiter(RecordLimit limit, TimeProvider time, Action wake)
    {
        this.limit = limit;
        this.time = time;
        alarm = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        since = time.GetTimestamp();
    }

    /// <summary>Counts a record.</summary>
    /// <returns>Whether it is one too many.</returns>
    public bool IsTooMany(scoped in RecordView record)
    {
        if (record.Level >= limit.LimitLevel)
        {
            return false;
        }

        var index = Find(RecordKind.Of(in record, limit.By));
        if (index < 0)
        {
            return false;
        }

        ref var slot = ref slots[index];
        if (++slot.Count <= limit.PerSecond)
        {
            return false;
        }

        if (slot.Count == limit.PerSecond + 1L)
        {
            exceeded.Add(index);
            slot.Highest = record.Level;
            slot.Keep(limit.By == LimitBy.Category ? record.Category : record.Template.IsEmpty ? record.Message : record.Template);
        }
        else if (record.Level > slot.Highest)
        {
            slot.Highest = record.Level;
        }

        return true;
    }

    /// <summary>Between two rounds: begins another second when one is over.</summary>
    public void EndSecond(ListenerEvents own)
    {
        if (time.GetElapsedTime(since) >= OneSecond)
        {
            Report(own);
            second++;
            since = time.GetTimestamp();
        }
    }

    /// <summary>Says what was left out, though the second may not be over.</summary>
    public void Report(ListenerEvents own)
    {
        foreach (var index in exceeded)
        {
            ref var slot = ref slots[index];
            own.Limited(limit, slot.Example, slot.Count - limit.PerSecond, slot.Highest);
            slot.Count = limit.PerSecond;
        }

        exceeded.Clear();
    }

    /// <summary>Before the dispatcher sleeps: what was left out is to be said in time.</summary>
    public void SetAlarm()
    {
        if (exceeded.Count > 0)
        {
            var left = OneSecond - time.GetElapsedTime(since);
            alarm.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => alarm.Dispose();

    /// <returns>The slot of a kind, counted anew in each second; -1 when there is none left.</returns>
    private int Find(ulong kind)
    {
        var free = -1;
        for (var i = 0; i < Neighbours; i++)
        {
            var index = (int)((kind + (uint)i) % Slots);
            ref var slot = ref slots[index];
            if (slot.Second != second)
            {
                free = free < 0 ? index : free;
            }
            else if (slot.Kind == kind)
            {
                return index;
            }
        }

        if (free >= 0)
        {
            ref var slot = ref slots[free];
            slot.Second = second;
            slot.Kind = kind;
            slot.Count = 0;
        }

        return free;
    }

    private struct Slot
    {
        private byte[]? example;
        private int exampleLength;
        private bool isCut;

        public ulong Kind;
        public long Second;
        public long Count;
        public LogLevel Highest;

        public readonly string Example => Encoding.UTF8.GetString(example.AsSpan(0, exampleLength)) + (isCut ? "…" : "");

        public void Keep(ReadOnlySpan<byte> text)
        {
            isCut = text.Length > LongestExample;
            exampleLength = isCut ? LongestExample : text.Length;

            // Not within a character.
            while (isCut && exampleLength > 0 && (text[exampleLength] & 0xC0) == 0x80)
            {
                exampleLength--;
            }

            example ??= new byte[LongestExample];
            text[..exampleLength].CopyTo(example);
        }
    }
}

/// <summary>How many records of a kind are written.</summary>
/// <param name="PerSecond">Most of one kind in a second; 0 for no limit.</param>
/// <param name="By">What a kind is.</param>
/// <param name="LimitLevel">The lowest level that is not limited.</param>
internal sealed record RecordLimit(int PerSecond, LimitBy By, LogLevel LimitLevel)
{
    public static readonly RecordLimit None = new(0, LimitBy.Template, LogLevel.Error);
}
