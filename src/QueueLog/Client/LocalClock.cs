namespace QueueLog.Client;

/// <summary>The time with its offset from UTC. The offset is looked up once a minute: the look-up costs more than the rest of a record.</summary>
internal sealed class LocalClock(TimeProvider time)
{
    private static readonly LocalClock System = new(TimeProvider.System);

    // The minute and its offset in one value, so that threads need no lock: minute since year 1 in the high bits.
    private long minuteAndOffset = -1;

    public static LocalClock Default => System;

    public void Now(out long utcTicks, out short offsetMinutes)
    {
        utcTicks = time == TimeProvider.System ? DateTime.UtcNow.Ticks : time.GetUtcNow().UtcTicks;
        var minute = utcTicks / TimeSpan.TicksPerMinute;
        var known = Volatile.Read(ref minuteAndOffset);
        if (known >> 16 != minute)
        {
            var offset = (short)time.LocalTimeZone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).TotalMinutes;
            known = (minute << 16) | (ushort)offset;
            Volatile.Write(ref minuteAndOffset, known);
        }

        offsetMinutes = (short)known;
    }
}
