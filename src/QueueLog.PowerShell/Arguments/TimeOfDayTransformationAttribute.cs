using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts a time of day, such as 06:00, whatever the culture is.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TimeOfDayTransformationAttribute : ArgumentTransformationAttribute
{
    // A bare number would be one of ticks: midnight, as good as.
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => RecordMapper.Unwrap(inputData) switch
    {
        TimeOnly time => time,
        TimeSpan span when span >= TimeSpan.Zero && span < TimeSpan.FromDays(1) => TimeOnly.FromTimeSpan(span),
        DateTime date => TimeOnly.FromDateTime(date),
        string text when TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time) => time,
        _ => throw new ArgumentTransformationMetadataException($"'{inputData}' is no time of day. Give hours and minutes, such as '06:00' or '23:30'."),
    };
}
