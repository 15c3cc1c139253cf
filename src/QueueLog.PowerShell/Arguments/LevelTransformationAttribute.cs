using System.Management.Automation;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts the names other tools use for a level (Info, Warn, Verbose, Fatal, …) beside its own.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class LevelTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    public static object Transform(object value) => RecordMapper.Unwrap(value) is string name ? Parse(name) : value;

    private static LogLevel Parse(string name) => name.Trim().ToUpperInvariant() switch
    {
        "TRACE" or "VERBOSE" or "VRB" or "TRC" => LogLevel.Trace,
        "DEBUG" or "DBG" => LogLevel.Debug,
        "INFORMATION" or "INFO" or "INF" => LogLevel.Information,
        "WARNING" or "WARN" or "WRN" => LogLevel.Warning,
        "ERROR" or "ERR" => LogLevel.Error,
        "CRITICAL" or "FATAL" or "CRIT" or "FTL" => LogLevel.Critical,
        _ => throw new ArgumentTransformationMetadataException(
            $"'{name}' is no level. The levels are Trace, Debug, Information, Warning, Error and Critical."),
    };
}
