using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Sinks;
using QueueLog.Sinks;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What -Logger accepts.</summary>
internal static class SinkLogger
{
    /// <returns>What takes records for the logger. Where there is none the command ends with the reason.</returns>
    public static IRecordReceiver ToReceiver(PSCmdlet cmdlet, object given)
    {
        var value = RecordMapper.Unwrap(given)!;
        try
        {
            if (LoggerBridge.TryCreate(value) is { } receiver)
            {
                return receiver;
            }
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            cmdlet.ThrowTerminatingError(LogErrors.LoggerUnusable(value, e));
        }

        cmdlet.ThrowTerminatingError(LogErrors.NoLogger(value));
        return null!;
    }
}
