using System.Management.Automation;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of the command that makes reports.</summary>
internal static class ReportErrors
{
    public static ErrorRecord ReportNotWritten(string path, string reason, Exception? inner) => New(
        "ReportNotWritten",
        ErrorCategory.WriteError,
        path,
        $"The report '{path}' cannot be written: {reason} Give -OutFile another file, in a folder that you may write to.",
        inner);

    public static ErrorRecord JobLogUnreadable(string path, string reason, Exception? inner) => New(
        "JobLogUnreadable",
        inner is null ? ErrorCategory.ObjectNotFound : ErrorCategory.ReadError,
        path,
        $"The job log '{path}' cannot be read: {reason} Give -JobLog the file that -JobLog of the run named, or leave it out.",
        inner);

    public static ErrorRecord NothingToReport(string[] paths) => New(
        "NothingToReport",
        ErrorCategory.InvalidData,
        paths,
        $"'{string.Join("', '", paths)}' tells of no record and of no item, so no report was written. Give -Path the log of a run and -JobLog its job log; -Template tells how entries in Text look.");
}
