using System.Management.Automation;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts the names and numbers that other systems have for a level (Info, warn, notice, FATAL, 30, …) beside its own.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class LevelTransformationAttribute : ArgumentTransformationAttribute
{
    private const int FirstOfOthers = 10;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    public static object Transform(object value) => RecordMapper.Unwrap(value) switch
    {
        string name => LevelParser.TryParse(name, out var level) ? level : throw NoLevel(name),

        // Smaller numbers are those of the levels themselves.
        int number and >= FirstOfOthers => LevelParser.TryOfNumber(number, out var level) ? level : throw NoLevel(value),
        System.Collections.IList several => several.Cast<object>().Select(Transform).ToArray(),
        _ => value,
    };

    private static ArgumentTransformationMetadataException NoLevel(object value) =>
        new($"'{value}' is no level. The levels are Trace, Debug, Information, Warning, Error and Critical; the names of other systems, such as notice and fatal, and Python's numbers are understood.");
}
