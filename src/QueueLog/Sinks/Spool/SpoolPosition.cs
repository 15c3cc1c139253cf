namespace QueueLog.Sinks.Spool;

/// <summary>A place in a spool: the number of a segment and an offset in it. Later places are larger.</summary>
// segment · 2³² + offset
internal readonly record struct SpoolPosition(long Value) : IComparable<SpoolPosition>
{
    private const int OffsetBits = 32;

    public SpoolPosition(long segment, long offset)
        : this((segment << OffsetBits) | offset)
    {
    }

    public long Segment => Value >> OffsetBits;

    public long Offset => Value & uint.MaxValue;

    public int CompareTo(SpoolPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(SpoolPosition left, SpoolPosition right) => left.Value < right.Value;

    public static bool operator >(SpoolPosition left, SpoolPosition right) => left.Value > right.Value;

    public static bool operator <=(SpoolPosition left, SpoolPosition right) => left.Value <= right.Value;

    public static bool operator >=(SpoolPosition left, SpoolPosition right) => left.Value >= right.Value;
}
