using System.Management.Automation;
using QueueLog.Sinks;

namespace QueueLog.PowerShell;

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
            cmdlet.ThrowTerminatingError(Errors.LoggerUnusable(value, e));
        }

        cmdlet.ThrowTerminatingError(Errors.NoLogger(value));
        return null!;
    }
}
