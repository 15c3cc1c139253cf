using QueueLog.Formatting;

namespace QueueLog.Reading.Checks;

/// <summary>The time of a record as it is written.</summary>
internal readonly record struct EntryTime(long UtcTicks, short OffsetMinutes)
{
    public DateTimeOffset ToTime() => TimestampText.ToTime(UtcTicks, OffsetMinutes);
}
