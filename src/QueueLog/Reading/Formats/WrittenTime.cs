namespace QueueLog.Reading.Formats;

/// <summary>A time as far as a text says it.</summary>
/// <param name="Year">0 where none is said.</param>
/// <param name="Month">0 where none is said.</param>
/// <param name="Day">0 where none is said.</param>
/// <param name="TimeOfDay">In ticks; -1 where none is said.</param>
/// <param name="Offset">In minutes; null where none is said.</param>
internal readonly record struct WrittenTime(int Year, int Month, int Day, long TimeOfDay, int? Offset)
{
    // The moment is known, and the offset is that of the zone then.
    private const int ZoneOffset = int.MinValue;

    /// <summary>Whether it is the universal time, to be shown in the zone of the reader.</summary>
    public bool IsMoment => Offset == ZoneOffset;

    /// <summary>Whether nothing has to be taken from elsewhere.</summary>
    public bool IsWhole => Year > 0 && TimeOfDay >= 0;

    /// <summary>A moment that says no offset, as seconds since 1970 do.</summary>
    public static WrittenTime OfUtc(long ticks)
    {
        var time = new DateTime(ticks);
        return new WrittenTime(time.Year, time.Month, time.Day, time.TimeOfDay.Ticks, ZoneOffset);
    }

    /// <summary>Both, where each says what the other does not.</summary>
    public WrittenTime With(in WrittenTime other) => new(
        other.Year > 0 ? other.Year : Year,
        other.Month > 0 ? other.Month : Month,
        other.Day > 0 ? other.Day : Day,
        other.TimeOfDay >= 0 ? other.TimeOfDay : TimeOfDay,
        other.Offset ?? Offset);
}
