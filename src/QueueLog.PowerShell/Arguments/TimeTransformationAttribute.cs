using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts a time, or how long ago it was: a time span, or a text such as 90s, 10m, 2h, 1d, 1h30m.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
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
        if (DurationText.TryParse(text.AsSpan().TrimStart('-'), out var ago))
        {
            return now - ago;
        }

        // As PowerShell reads dates itself first, and then as its user writes them.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            || DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out time)
            ? time
            : throw Wrong(text);
    }

    private static ArgumentTransformationMetadataException Wrong(object? value) =>
        new($"'{value}' is no time. Give a date, a time span, or how long ago it was: 90s, 10m, 2h, 1d.");
}
