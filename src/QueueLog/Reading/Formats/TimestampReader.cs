using System.Globalization;
using System.Text;

namespace QueueLog.Reading.Formats;

/// <summary>Reads times of one format. Without an offset they are local times.</summary>
internal sealed class TimestampReader
{
    private readonly (TimestampUnit Unit, byte Width, byte[] Literal)[] pieces;
    private readonly LocalOffset local;
    private readonly bool isUtc;
    private readonly bool hasDate;

    // Times without a date: the latest they can be of, in local ticks.
    private readonly long latest;

    private TimestampReader((TimestampUnit Unit, byte Width, char Literal)[] pieces, bool isUtc, TimeZoneInfo zone, DateTime latest)
    {
        this.pieces = [.. pieces.Select(piece => (piece.Unit, piece.Width, Encoding.UTF8.GetBytes([piece.Literal])))];
        this.isUtc = isUtc;
        this.latest = latest.Ticks;
        local = new LocalOffset(zone);
        hasDate = pieces.Any(piece => piece.Unit is TimestampUnit.Day);
    }

    /// <summary>Null for a format that cannot be read.</summary>
    /// <param name="format">The format of a template.</param>
    /// <param name="isUtc">Whether it is UTC that is written.</param>
    /// <param name="zone">The zone of times without an offset.</param>
    /// <param name="latest">Where there is no date: no time is later than this.</param>
    public static TimestampReader? Create(string format, bool isUtc, TimeZoneInfo zone, DateTime latest) =>
        TimestampFormat.Parse(format) is { } pieces ? new TimestampReader(pieces, isUtc || format is "u" or "R" or "r", zone, latest) : null;

    /// <summary>Reads a time at the beginning of a text.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long utcTicks, out short offsetMinutes, out int length)
    {
        utcTicks = 0;
        offsetMinutes = 0;
        length = 0;
        int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction = 0;
        var isAfternoon = false;
        var hasHalf = false;
        int? offset = isUtc ? 0 : null;
        var rest = text;
        foreach (var (unit, width, literal) in pieces)
        {
            bool isRead;
            switch (unit)
            {
                case TimestampUnit.Literal:
                    isRead = rest.StartsWith(literal);
                    rest = isRead ? rest[literal.Length..] : rest;
                    break;
                case TimestampUnit.Year:
                    isRead = TimestampParts.TryRead(ref rest, width, 5, out year);
                    break;
                case TimestampUnit.ShortYear:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out year);
                    year += 2000;
                    break;
                case TimestampUnit.Month:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out month);
                    break;
                case TimestampUnit.Day:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out day);
                    break;
                case TimestampUnit.Hour:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out hour);
                    break;
                case TimestampUnit.HalfDayHour:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out hour);
                    hasHalf = true;
                    break;
                case TimestampUnit.Minute:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out minute);
                    break;
                case TimestampUnit.Second:
                    isRead = TimestampParts.TryRead(ref rest, width, 2, out second);
                    break;
                case TimestampUnit.Fraction:
                    isRead = TimestampParts.TryRead(ref rest, width, width, out fraction);
                    fraction = TimestampParts.Scale(fraction, width);
                    break;
                case TimestampUnit.OptionalFraction:
                    var digits = Math.Min(width, TimestampParts.DigitsOf(rest));
                    isRead = digits == 0 || TimestampParts.TryRead(ref rest, digits, digits, out fraction);
                    fraction = TimestampParts.Scale(fraction, digits);
                    break;
                case TimestampUnit.HalfDay:
                    isAfternoon = rest is [(byte)'P', ..];
                    var letters = Math.Min((int)width, 2);
                    isRead = rest.Length >= letters && rest[0] is (byte)'A' or (byte)'P';
                    rest = isRead ? rest[letters..] : rest;
                    break;
                case TimestampUnit.MonthName or TimestampUnit.ShortMonthName:
                    isRead = TimestampParts.TryReadName(ref rest, unit == TimestampUnit.MonthName ? DateTimeFormatInfo.InvariantInfo.MonthNames : DateTimeFormatInfo.InvariantInfo.AbbreviatedMonthNames, out month);
                    break;
                case TimestampUnit.DayName or TimestampUnit.ShortDayName:
                    isRead = TimestampParts.TryReadName(ref rest, unit == TimestampUnit.DayName ? DateTimeFormatInfo.InvariantInfo.DayNames : DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames, out _);
                    break;
                default:
                    isRead = TimestampParts.TryReadOffset(ref rest, unit == TimestampUnit.Offset ? width : (byte)3, out offset);
                    break;
            }

            if (!isRead)
            {
                return false;
            }
        }

        hour = hasHalf ? hour % 12 + (isAfternoon ? 12 : 0) : hour;
        length = text.Length - rest.Length;
        return RoundTripTimeReader.TryMakeTicks(year, month, day, hour, minute, second, fraction, out var ticks) && TryPlace(ticks, offset, out utcTicks, out offsetMinutes);
    }

    private bool TryPlace(long ticks, int? offset, out long utcTicks, out short offsetMinutes)
    {
        if (!hasDate)
        {
            var today = latest - latest % TimeSpan.TicksPerDay + ticks % TimeSpan.TicksPerDay;
            ticks = today <= latest ? today : today - TimeSpan.TicksPerDay;
        }

        offsetMinutes = offset is { } given ? (short)given : local.MinutesAt(ticks);
        utcTicks = ticks - offsetMinutes * TimeSpan.TicksPerMinute;
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks;
    }
}
