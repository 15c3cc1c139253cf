using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.Reporting;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Where a report is to be written.</summary>
internal static class ReportPath
{
    /// <summary>The full path, or the end of the command with the reason why nothing can be written there.</summary>
    public static string Resolve(PSCmdlet command, string path)
    {
        var full = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        var reason = provider.Name != "FileSystem" ? "It is not in the file system."
            : Directory.Exists(full) ? "It is a folder."
            : full.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0 ? "No file may have that name."
            : !Directory.Exists(Path.GetDirectoryName(full)) ? "There is no such folder."
            : ReportFile.WhyNot(full, []);
        if (reason is not null)
        {
            command.ThrowTerminatingError(ReportErrors.ReportNotWritten(path, reason, null));
        }

        return full;
    }
}
