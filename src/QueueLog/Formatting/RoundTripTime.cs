using System.Buffers.Text;

namespace QueueLog.Formatting;

/// <summary>Writes timestamps in the form that loses nothing, <c>2026-11-25T14:03:05.1234567+01:00</c>, and keeps the last one: records that come fast share its second.</summary>
internal sealed class RoundTripTime
{
    public const int Length = 33;
    private const int FractionStart = 20;

    private readonly byte[] last = "0001-01-01T00:00:00.0000000+00:00"u8.ToArray();
    private long lastTicks;
    private long lastSecond;
    private short lastOffset;

    public void Append(ref EntryWriter entry, long utcTicks, short offsetMinutes)
    {
        if (utcTicks != lastTicks || offsetMinutes != lastOffset)
        {
            // Offsets are whole minutes, so that a second begins everywhere at the same time.
            var fraction = utcTicks - lastSecond;
            if (offsetMinutes == lastOffset && (ulong)fraction < TimeSpan.TicksPerSecond)
            {
                SetFraction((uint)fraction);
            }
            else
            {
                var time = TimestampText.ToTime(utcTicks, offsetMinutes);
                Utf8Formatter.TryFormat(time, last, out _, new('O'));
                lastSecond = time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond;
            }

            lastTicks = utcTicks;
            lastOffset = offsetMinutes;
        }

        entry.Append(last);
    }

    private void SetFraction(uint ticks)
    {
        // Two halves, whose divisions do not wait for one another.
        var (high, low) = (ticks / 10_000, ticks % 10_000);
        var digits = last.AsSpan(FractionStart, 7);
        digits[6] = (byte)('0' + low % 10);
        digits[5] = (byte)('0' + low / 10 % 10);
        digits[4] = (byte)('0' + low / 100 % 10);
        digits[3] = (byte)('0' + low / 1000);
        digits[2] = (byte)('0' + high % 10);
        digits[1] = (byte)('0' + high / 10 % 10);
        digits[0] = (byte)('0' + high / 100);
    }
}
