namespace QueueLog.Reading.Formats;

/// <summary>The offset of local times that say none, which are asked for in the order of a log.</summary>
// It is looked up once a quarter of an hour of the log: the look-up costs more than the rest of an entry. Where clocks are put
// back, times come twice, and only what stands before tells which of the two it is: coming from before they are of the first
// time, until one is much earlier than the one before it. Without that, as for one entry by itself, they are of the second.
internal sealed class LocalOffset(TimeZoneInfo zone)
{
    // Every change of an offset comes at a full quarter.
    private const long Quarter = 15 * TimeSpan.TicksPerMinute;

    // More than records of several processes are out of order, and less than any clock is put back.
    private const long PutBack = 20 * TimeSpan.TicksPerMinute;

    private long from = -1;
    private short minutes;
    private short firstMinutes;
    private bool comesTwice;

    private long last = -1;
    private bool lastCameTwice;
    private bool isSecond = true;

    public short MinutesAt(long localTicks)
    {
        var start = localTicks - localTicks % Quarter;
        if (start != from)
        {
            from = start;
            LookUp(new DateTime(localTicks, DateTimeKind.Unspecified));
        }

        if (comesTwice)
        {
            isSecond = last < 0 || (lastCameTwice ? isSecond || localTicks < last - PutBack : localTicks < last);
        }

        last = localTicks;
        lastCameTwice = comesTwice;
        return comesTwice && !isSecond ? firstMinutes : minutes;
    }

    private void LookUp(DateTime local)
    {
        minutes = (short)zone.GetUtcOffset(local).TotalMinutes;
        comesTwice = zone.IsAmbiguousTime(local);
        if (comesTwice)
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            (minutes, firstMinutes) = ((short)offsets.Min().TotalMinutes, (short)offsets.Max().TotalMinutes);
        }
    }
}
