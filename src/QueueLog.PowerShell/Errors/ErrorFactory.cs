using System.Management.Automation;

namespace QueueLog.PowerShell.Errors;

/// <summary>Makes the ErrorRecords of the module, each in one of the classes beside this one. Ids are API; each message ends in the next thing to try.</summary>
internal static class ErrorFactory
{
    public static ErrorRecord New(string id, ErrorCategory category, object? target, string message, Exception? inner = null) =>
        new(new InvalidOperationException(message, inner), id, category, target);
}
