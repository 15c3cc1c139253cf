using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts how long something may take: a number of seconds, a time span, or a text such as 90s, 5m, 1h30m, 00:05:00.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    public static double Transform(object? value) => SecondsIn(value) is { } seconds && double.IsFinite(seconds)
        ? seconds
        : throw new ArgumentTransformationMetadataException($"'{value}' is no duration. Give a number of seconds, a time span, or a number with its unit: 90s, 5m, 1h30m, 00:05:00.");

    private static double? SecondsIn(object? value) => RecordMapper.Unwrap(value) switch
    {
        TimeSpan span => span.TotalSeconds,
        string text => Parse(text.Trim()),

        // 90s and 1d are numbers to the engine, a short one and a decimal one; it keeps how they were written.
        short or decimal when value is PSObject written && Parse(written.ToString()) is { } seconds => seconds,
        short or decimal or sbyte or byte or ushort or int or uint or long or ulong or float or double => Convert.ToDouble(RecordMapper.Unwrap(value), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : DurationText.Parse(text)?.TotalSeconds;
}
