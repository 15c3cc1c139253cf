using System.Globalization;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes timestamps in one format, and keeps the last one: records that come fast share it.</summary>
/// <param name="format">A .NET date format.</param>
/// <param name="isUtc">Whether it is the universal time; else that at the writer.</param>
internal sealed class TimestampText(string format, bool isUtc = false)
{
    public const string DefaultFormat = "yyyy-MM-dd HH:mm:ss,fff";
    public const string DefaultUtcFormat = DefaultFormat + "Z";

    private readonly long precision = PrecisionOf(format);
    private byte[] last = new byte[64];
    private int lastLength;

    // The half-open range of local ticks that the kept text stands for; empty at first.
    private long from;
    private long to;
    private short lastOffset;

    public void Append(ref EntryWriter entry, long utcTicks, short offsetMinutes)
    {
        if (isUtc)
        {
            offsetMinutes = 0;
        }

        var localTicks = utcTicks + offsetMinutes * TimeSpan.TicksPerMinute;
        if (localTicks < from || localTicks >= to || offsetMinutes != lastOffset)
        {
            Format(ToTime(utcTicks, offsetMinutes));
            from = localTicks - localTicks % precision;
            to = from + precision;
            lastOffset = offsetMinutes;
        }

        entry.Append(last.AsSpan(0, lastLength));
    }

    /// <summary>The time on the writer's clock.</summary>
    public static DateTimeOffset ToTime(long utcTicks, short offsetMinutes) => PropertyValue.ToTimestamp(utcTicks, offsetMinutes);

    private void Format(DateTimeOffset time)
    {
        // A DateTime carries that it is UTC: K and O give Z.
        while (!(isUtc
            ? time.UtcDateTime.TryFormat(last, out lastLength, format, CultureInfo.InvariantCulture)
            : time.TryFormat(last, out lastLength, format, CultureInfo.InvariantCulture)))
        {
            last = new byte[last.Length * 2];
        }
    }

    /// <summary>How many ticks share one text: those below the finest unit the format shows.</summary>
    private static long PrecisionOf(string format)
    {
        if (format.Length == 1)
        {
            // A standard format. Only the round-trip one shows parts of a second.
            return format is "O" or "o" ? 1 : TimeSpan.TicksPerSecond;
        }

        // A literal part can only be taken for something finer than it is, which costs speed and nothing else.
        var fractionDigits = LongestRun(format, "fF");
        if (fractionDigits > 0)
        {
            return (long)Math.Pow(10, 7 - Math.Min(fractionDigits, 7));
        }

        return format.Contains('s') ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMinute;
    }

    private static int LongestRun(string text, string letters)
    {
        var longest = 0;
        var run = 0;
        foreach (var c in text)
        {
            run = letters.Contains(c) ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
