using System.Buffers;
using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts a time, or how long ago it was: a time span, or a text such as 90s, 10m, 2h, 1d, 1h30m.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly SearchValues<char> NumberParts = SearchValues.Create("0123456789.");

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData, DateTimeOffset.Now);

    public static object Transform(object value, DateTimeOffset now) => RecordMapper.Unwrap(value) switch
    {
        TimeSpan ago => now - ago.Duration(),
        DateTimeOffset time => time,
        DateTime time => new DateTimeOffset(time),
        string text => Parse(text.Trim(), now),

        // 90s and 1d are numbers to the engine, a short one and a decimal one; it keeps how they were written.
        short or decimal => Parse(value.ToString() ?? "", now),
        var other => throw Wrong(other),
    };

    private static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        if (TryParseSpan(text, out var ago))
        {
            return now - ago;
        }

        // As PowerShell reads dates itself first, and then as its user writes them.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            || DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out time)
            ? time
            : throw Wrong(text);
    }

    // span = 1*( number unit ), such as 1h30m
    private static bool TryParseSpan(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var rest = text.AsSpan().TrimStart('-');
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberParts);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = rest[..(letters < 0 ? rest.Length : letters)];
            if (UnitOf(unit.Trim()) is not { } seconds || number * seconds > TimeSpan.MaxValue.TotalSeconds / 1000)
            {
                return false;
            }

            span += TimeSpan.FromSeconds(number * seconds);
            rest = rest[unit.Length..];
        }

        return true;
    }

    private static double? UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 0.001,
        "s" or "sec" => 1,
        "m" or "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => null,
    };

    private static ArgumentTransformationMetadataException Wrong(object? value) =>
        new($"'{value}' is no time. Give a date, a time span, or how long ago it was: 90s, 10m, 2h, 1d.");
}
