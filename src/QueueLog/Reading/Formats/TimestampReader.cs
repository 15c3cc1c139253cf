using System.Globalization;
using System.Text;

namespace QueueLog.Reading.Formats;

/// <summary>Reads times of one format. Without an offset they are local times.</summary>
internal sealed class TimestampReader
{
    private readonly (TimestampUnit Unit, byte Width, byte[] Literal)[] pieces;
    private readonly TimePlacer placer;
    private readonly bool isUtc;
    private readonly bool hasTime;

    private TimestampReader((TimestampUnit Unit, byte Width, char Literal)[] pieces, bool isUtc, TimePlacer placer)
    {
        this.pieces = [.. pieces.Select(piece => (piece.Unit, piece.Width, Encoding.UTF8.GetBytes([piece.Literal])))];
        this.isUtc = isUtc;
        this.placer = placer;
        hasTime = Has(pieces, TimestampUnit.Hour) || Has(pieces, TimestampUnit.HalfDayHour);
        IsWhole = hasTime && (Has(pieces, TimestampUnit.Year) || Has(pieces, TimestampUnit.ShortYear));
    }

    /// <summary>Whether a time of the format says both the day, with its year, and the hour.</summary>
    public bool IsWhole { get; }

    /// <summary>Null for a format that cannot be read.</summary>
    /// <param name="format">The format of a template.</param>
    /// <param name="isUtc">Whether it is UTC that is written.</param>
    /// <param name="placer">Knows what a time leaves out.</param>
    public static TimestampReader? Create(string format, bool isUtc, TimePlacer placer) =>
        TimestampFormat.Parse(format) is { } pieces ? new TimestampReader(pieces, isUtc || format is "u" or "R" or "r", placer) : null;

    /// <summary>Reads a time at the beginning of a text.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long utcTicks, out short offsetMinutes, out int length)
    {
        utcTicks = 0;
        offsetMinutes = 0;
        return TryRead(text, out var time, out length) && placer.TryPlace(in time, out utcTicks, out offsetMinutes);
    }

    /// <summary>Reads what a text says of a time at its beginning.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out WrittenTime time, out int length)
    {
        time = default;
        length = 0;
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
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
                    // As syslog fills up the first days of a month.
                    rest = width == 1 && rest is [(byte)' ', ..] ? rest[1..] : rest;
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
        time = new WrittenTime(year, month, day, hasTime ? ((hour * 60L + minute) * 60 + second) * TimeSpan.TicksPerSecond + fraction : -1, offset);
        return hour <= 23 && minute <= 59 && second <= 59;
    }

    private static bool Has((TimestampUnit Unit, byte Width, char Literal)[] pieces, TimestampUnit unit) => Array.Exists(pieces, piece => piece.Unit == unit);
}
