using System.Management.Automation;
using QueueLog.Client;
using QueueLog.Pool;
using QueueLog.Pool.JobLog;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Sinks;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;

namespace QueueLog.PowerShell.Commands;

/// <content>What is given of each item, and noted.</content>
public abstract partial class WorkerPoolCommand
{
    // Results that wait for one before them are kept here, so there must not be too many; and a worker should rarely have to wait
    // for another's long item.
    private const long SmallestWindow = 64;
    private const long WindowPerWorker = 16;

    private ItemLog? log;

    /// <summary>Give results in the order of the input. Default: as they are there.</summary>
    [Parameter]
    public SwitchParameter KeepOrder { get; set; }

    /// <summary>Give one object for each item, with its input, output, errors, status and times, instead of its streams.</summary>
    [Parameter]
    public SwitchParameter AsResult { get; set; }

    /// <summary>File that gets a line of JSON for each finished item.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobLog { get; set; }

    /// <summary>Leave out what stands in the job log as finished, well or not.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Leave out what stands in the job log as completed, and run again what failed.</summary>
    [Parameter]
    public SwitchParameter ResumeFailed { get; set; }

    /// <summary>File that gets a page about the run when it is over, however it ends.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Report { get; set; }

    private static string[] ResultParameters { get; } = [nameof(KeepOrder), nameof(AsResult), nameof(JobLog), nameof(Resume), nameof(ResumeFailed), nameof(Report)];

    /// <summary>Describes what is to be known of each item and opens the job log, or ends the command with the reason why that cannot be done.</summary>
    private protected CollectorOptions DefineResults()
    {
        OpenJobLog();
        if (AsResult)
        {
            Views.Load();
        }

        return new CollectorOptions { Retries = Retry, ErrorsFail = FailOn != FailOn.Throw, KeepsOrder = KeepOrder, GivesResults = AsResult, Log = log };
    }

    /// <summary>What the pool must do for that.</summary>
    private protected RunOptions WithResults(RunOptions options, CollectorOptions results, int workers) => options with
    {
        ReportsEnds = results.IsNeeded,
        Window = KeepOrder ? Math.Max(SmallestWindow, WindowPerWorker * workers) : long.MaxValue,
    };

    /// <summary>Whether the session shows each error and warning of an item, in the process that shows their records, too.</summary>
    /// <remarks>A result object has them in it, what was tried again is not shown, and neither is what the caller silences.</remarks>
    private protected bool ShowsStreams(string? address) =>
        !AsResult && Retry == 0 && HostScreen.Of(Host) is not null
        && Preference("ErrorAction", "ErrorActionPreference") is not (nameof(ActionPreference.SilentlyContinue) or nameof(ActionPreference.Ignore))
        && Array.Exists(ModuleState.Running, listener => listener.Address == (address ?? ClientRegistry.DefaultAddress));

    private string? Preference(string parameter, string variable) =>
        (MyInvocation.BoundParameters.TryGetValue(parameter, out var given) ? given : SessionState.PSVariable.GetValue(variable))?.ToString();

    /// <summary>What the run is called where its progress is shown; null when the caller wants none.</summary>
    private protected string? ProgressActivity(IItemPool pool) =>
        Preference("ProgressAction", "ProgressPreference") is nameof(ActionPreference.SilentlyContinue) or nameof(ActionPreference.Ignore) ? null : $"Worker pool {pool.Name}";

    /// <summary>Says where it is to be told that the report of the run could not be made.</summary>
    private protected void WarnOfReport(Action<string> warn)
    {
        if (log?.Report is { } report)
        {
            report.Warn = warn;
        }
    }

    /// <summary>Lets the job log be used by others, and makes the report of the run.</summary>
    private protected void CloseJobLog() => log?.Dispose();

    private void OpenJobLog()
    {
        if (JobLog is null && (Resume || ResumeFailed))
        {
            ThrowTerminatingError(PoolErrors.JobLogMissing());
        }

        if (JobLog is null && Report is null)
        {
            return;
        }

        var report = Report is null ? null : new RunReportFile(ReportPath.Resolve(this, Report), ListenerAddress, isJobLogOwn: JobLog is null);
        var path = JobLog ?? Path.Combine(StateFolder.Ensure(), $"report-{Guid.NewGuid():N}.jsonl");
        try
        {
            path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name != "FileSystem")
            {
                throw new IOException("It is no file.");
            }

            var skips = ResumeFailed ? ItemLogSkips.Completed : Resume ? ItemLogSkips.Finished : ItemLogSkips.None;
            log = new ItemLog(JobLogFile.Open(path, readsHistory: skips != ItemLogSkips.None), skips, report);
        }
        catch (LogFileInUseException e)
        {
            ThrowTerminatingError(PoolErrors.JobLogInUse(path, e.OwnerPid));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SessionStateException or ArgumentException or NotSupportedException)
        {
            ThrowTerminatingError(PoolErrors.JobLogUnusable(path, e));
        }
    }
}
