using QueueLog.Client;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading;
using QueueLog.Records;
using QueueLog.Reporting;

namespace QueueLog.PowerShell.Pool;

/// <summary>The report of a run, written once its job log is closed: however the run ended.</summary>
/// <param name="path">Full path of the report.</param>
/// <param name="listenerAddress">Whose log it is made from; null for that of the session.</param>
/// <param name="isJobLogOwn">Whether the job log was made for the report alone, and goes with it.</param>
internal sealed class RunReportFile(string path, string? listenerAddress, bool isJobLogOwn)
{
    // The listener may be busy with another's records; then the report has fewer.
    private static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(10);

    private readonly string? address = listenerAddress ?? ClientRegistry.DefaultAddress;
    private readonly DateTimeOffset begin = DateTimeOffset.Now;

    /// <summary>Told why there is no report.</summary>
    public Action<string> Warn { get; set; } = static _ => { };

    public void Write(string jobLog)
    {
        try
        {
            var log = Array.Find(ModuleState.Running, listener => listener.Address == address)?.Path;
            if (log is not null)
            {
                WaitForRecords();
            }

            var options = new ReportOptions
            {
                Title = isJobLogOwn ? Path.GetFileNameWithoutExtension(path) : null,
                Logs = log is null ? [] : [log],
                JobLogs = [jobLog],
                Query = new LogQuery { Filter = new EntryFilter { Since = begin.UtcTicks } },
            };
            var report = new ReportBuilder(options).Build();
            if (!report.IsEmpty)
            {
                ReportFile.Write(path, report, ReportFormat.Html);
            }
        }
#pragma warning disable CA1031 // the run is over, and its results are there: a report that fails must take nothing of them away
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            Warn(LogWarnings.RunReportFailed(path, e.Message));
        }
        finally
        {
            if (isJobLogOwn)
            {
                File.Delete(jobLog);
            }
        }
    }

    /// <summary>Waits until what the workers have logged is in the file: this record comes behind all of it.</summary>
    private void WaitForRecords()
    {
        if (ClientRegistry.Get(address) is { } client)
        {
            using var deadline = new CancellationTokenSource(WriteDeadline);
            client.Write(new RecordDraft { Level = LogLevel.Information, Message = "the report of the run is written to {Path}", Arguments = new object?[] { path }, Category = PoolLog.PoolCategory }, deadline.Token);
            client.WaitUntilAcknowledged(deadline.Token);
        }
    }
}
