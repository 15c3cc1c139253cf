using System.Buffers.Text;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>Writes timestamps in the form that loses nothing, <c>2026-11-25T14:03:05.1234567+01:00</c>, and keeps the last one: records that come fast share its second. Not thread-safe.</summary>
/// <param name="before">What is always written before it.</param>
/// <param name="behind">What is always written behind it.</param>
internal sealed class RoundTripTime(string before = "", string behind = "")
{
    public const int Length = 33;
    private const int FractionStart = 20;

    private readonly int start = Encoding.UTF8.GetByteCount(before);
    private readonly byte[] last = Encoding.UTF8.GetBytes($"{before}0001-01-01T00:00:00.0000000+00:00{behind}");
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
                Utf8Formatter.TryFormat(time, last.AsSpan(start), out _, new('O'));
                lastSecond = time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond;
            }

            lastTicks = utcTicks;
            lastOffset = offsetMinutes;
        }

        entry.Append(last);
    }

    private void SetFraction(uint ticks)
    {
        // The first three behind a zero, which stands where the point belongs until that is put back.
        var digits = last.AsSpan(start + FractionStart - 1, 8);
        Digits.WriteFour(ticks / 10_000, digits);
        Digits.WriteFour(ticks % 10_000, digits[4..]);
        digits[0] = (byte)'.';
    }
}
