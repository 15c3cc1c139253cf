namespace QueueLog.Reading.Formats;

/// <summary>Takes a .NET date format apart, as far as times can be read by it.</summary>
internal static class TimestampFormat
{
    /// <summary>The pieces in their order: what each is, how many characters, and the character of a literal. Null for a format that cannot be read.</summary>
    public static (TimestampUnit Unit, byte Width, char Literal)[]? Parse(string format)
    {
        format = format switch
        {
            "O" or "o" => "yyyy-MM-ddTHH:mm:ss.fffffffzzz",
            "s" => "yyyy-MM-ddTHH:mm:ss",
            "u" => "yyyy-MM-dd HH:mm:ssZ",
            "R" or "r" => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
            "G" => "MM/dd/yyyy HH:mm:ss",
            "g" => "MM/dd/yyyy HH:mm",
            "d" => "MM/dd/yyyy",
            "t" => "HH:mm",
            "T" => "HH:mm:ss",
            _ => format,
        };
        if (format.Length == 1)
        {
            return null;
        }

        var pieces = new List<(TimestampUnit, byte, char)>();
        for (var i = 0; i < format.Length;)
        {
            var c = format[i];
            var run = RunLength(format, i);
            if (c is '\'' or '"')
            {
                var end = format.IndexOf(c, i + 1);
                pieces.AddRange(format[(i + 1)..(end < 0 ? format.Length : end)].Select(literal => (TimestampUnit.Literal, (byte)1, literal)));
                i = end < 0 ? format.Length : end + 1;
            }
            else if (c == '\\' && i + 1 < format.Length)
            {
                pieces.Add((TimestampUnit.Literal, 1, format[i + 1]));
                i += 2;
            }
            else if (c == '%')
            {
                i++;
            }
            else if (UnitOf(c, run) is { } unit)
            {
                pieces.Add((unit, (byte)run, c));
                i += run;
            }
            else if (c == 'g')
            {
                return null;
            }
            else
            {
                pieces.Add((TimestampUnit.Literal, 1, c));
                i++;
            }
        }

        return [.. pieces];
    }

    private static TimestampUnit? UnitOf(char c, int run) => (c, run) switch
    {
        ('y', <= 2) => TimestampUnit.ShortYear,
        ('y', _) => TimestampUnit.Year,
        ('M', <= 2) => TimestampUnit.Month,
        ('M', 3) => TimestampUnit.ShortMonthName,
        ('M', _) => TimestampUnit.MonthName,
        ('d', <= 2) => TimestampUnit.Day,
        ('d', 3) => TimestampUnit.ShortDayName,
        ('d', _) => TimestampUnit.DayName,
        ('H', _) => TimestampUnit.Hour,
        ('h', _) => TimestampUnit.HalfDayHour,
        ('m', _) => TimestampUnit.Minute,
        ('s', _) => TimestampUnit.Second,
        ('f', _) => TimestampUnit.Fraction,
        ('F', _) => TimestampUnit.OptionalFraction,
        ('t', _) => TimestampUnit.HalfDay,
        ('z', _) => TimestampUnit.Offset,
        ('K', _) => TimestampUnit.OffsetOrZone,
        _ => null,
    };

    private static int RunLength(string format, int start)
    {
        var end = start + 1;
        while (end < format.Length && format[end] == format[start])
        {
            end++;
        }

        return end - start;
    }
}

/// <summary>One piece of a date format, as it is read.</summary>
internal enum TimestampUnit : byte
{
    Literal,
    Year,
    ShortYear,
    Month,
    MonthName,
    ShortMonthName,
    Day,
    DayName,
    ShortDayName,
    Hour,
    HalfDayHour,
    HalfDay,
    Minute,
    Second,
    Fraction,
    OptionalFraction,
    Offset,
    OffsetOrZone,
}
