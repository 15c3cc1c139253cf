using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts how long something is ago: a time span, or a number with a unit such as 90s, 10m, 12h, 30d, 2w.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class AgeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    public static object Transform(object value)
    {
        // To PowerShell 30d and 90s are numbers, but as arguments they keep the text they were written as. A bare number would be one
        // of ticks, and delete everything.
        var age = RecordMapper.Unwrap(value) is TimeSpan span ? span : DurationText.Parse(value.ToString()!.Trim());
        return age > TimeSpan.Zero
            ? age
            : throw new ArgumentTransformationMetadataException($"'{value}' is no age. Give a number with its unit, such as '90s', '10m', '12h', '30d' or '2w', or a time span longer than zero.");
    }
}
