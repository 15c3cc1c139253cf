using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.Reporting;

namespace QueueLog.PowerShell.Commands;

/// <summary>Makes a page, or a trace, of a run from its log and its job log.</summary>
[Cmdlet(VerbsData.Export, "QueueLogReport", DefaultParameterSetName = "Path")]
[OutputType(typeof(FileInfo))]
public sealed class ExportQueueLogReportCommand : LogReadingCommand
{
    /// <summary>Job logs of the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? JobLog { get; set; }

    /// <summary>The file to be written; one that is there is replaced.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string OutFile { get; set; } = "";

    /// <summary>What is written. Default: a page.</summary>
    [Parameter]
    public ReportFormat Format { get; set; }

    /// <summary>What the run is called. Default: the name of its file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Shows the file in the program that the system opens it with.</summary>
    [Parameter]
    public SwitchParameter Open { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool NeedsLog => JobLog is null;

    private protected override void Read(string[] found)
    {
        var jobLogs = JobLogs();
        if (found.Length + jobLogs.Length == 0)
        {
            // Why there are none has been told.
            return;
        }

        var path = OutputPath([.. found, .. jobLogs]);
        var report = Build(found, jobLogs);
        if (report.IsEmpty)
        {
            ThrowTerminatingError(ReportErrors.NothingToReport([.. found, .. jobLogs]));
        }

        try
        {
            ReportFile.Write(path, report, Format);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(ReportErrors.ReportNotWritten(path, e.Message, e));
        }

        if (Open)
        {
            Show(path);
        }

        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }

    private RunReport Build(string[] logs, string[] jobLogs)
    {
        try
        {
            return new ReportBuilder(new ReportOptions { Title = Title, Logs = logs, JobLogs = jobLogs, Query = QueryAll() }).Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(ReportErrors.JobLogUnreadable(string.Join("', '", jobLogs), e.Message, e));
            throw;
        }
    }

    private string OutputPath(string[] inputs)
    {
        var path = ReportPath.Resolve(this, OutFile);
        if (ReportFile.WhyNot(path, inputs) is { } reason)
        {
            ThrowTerminatingError(ReportErrors.ReportNotWritten(path, reason, null));
        }

        return path;
    }

    private string[] JobLogs()
    {
        var found = new List<string>();
        foreach (var name in JobLog ?? [])
        {
            var files = Files(name);
            found.AddRange(files);
            if (files.Length == 0)
            {
                WriteError(ReportErrors.JobLogUnreadable(name, "There is no such file.", null));
            }
        }

        return [.. found.Distinct()];
    }

    private string[] Files(string name)
    {
        var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(name);
        try
        {
            return File.Exists(path) ? [path] : [.. GetResolvedProviderPathFromPSPath(name, out _).Where(File.Exists)];
        }
        catch (Exception e) when (e is ItemNotFoundException or WildcardPatternException)
        {
            return [];
        }
    }

    private void Show(string path)
    {
        try
        {
            using var program = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            WriteWarning(LogWarnings.ReportNotOpened(path, e.Message));
        }
    }
}
