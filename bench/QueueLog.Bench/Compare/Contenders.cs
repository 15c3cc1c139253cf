using QueueLog.Bench.Ours;
using QueueLog.Bench.Peers;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Compare;

/// <summary>Who takes part, in the order of the table.</summary>
internal static class Contenders
{
    private const int Writers = 10;
    private const int ManyWriters = 50;

    /// <summary>Times the records of a run for those that would otherwise be done before the clock says anything.</summary>
    private const int Long = 50;

    /// <summary>Times the records of a script loop: the engine compiles a loop while it runs, and loops that log run for long.</summary>
    private const int Sustained = 5;

    /// <summary>The part of the records of a run for those whose processes wait for one another at every record.</summary>
    private const int Brief = 4;

    /// <summary>The same where each record waits for the disk.</summary>
    private const int Synced = 20;

    /// <summary>The same for a cmdlet that takes a millisecond to write a line.</summary>
    private const int Slow = 100;

    public static IEnumerable<Contender> All(CompareOptions options)
    {
        var host = Tool.Host;
        var pwsh = Tool.Find("pwsh");
        var appended = new WriteToVisible(AppendWriter.Kind);
        var logged = new WriteToVisible(QueueLogWriter.Kind);
        var burst = new InfoCall(burst: 1_000);
        var sustained = new InfoCall(InfoCall.WithoutPause);
        return
        [
            new PythonQueueLogging(Writers, options.Records) { IsBase = true },
            new SerilogSharedFile(Writers, options.Records),
            new MutexAppend(pwsh, MutexAppend.AddContent, Writers, Math.Max(1, options.Records / Slow)),
            new MutexAppend(host, MutexAppend.AppendAllText, Writers, Math.Max(1, options.Records / Brief)),
            new AppendedFile(Contest.Log, "O_APPEND write(2) per record, no listener", Writers, options.Records * Long),
            new QueueLogLogger(Contest.Log, "QueueLog logger object", Writers, options.Records * Long),
            new QueueLogCmdlet(Writers, options.Records * Sustained),

            new QueueLogLogger(Contest.ManyWriters, $"QueueLog logger object, {Writers} writers", Writers, options.Records * Sustained) { IsBase = true },
            new QueueLogLogger(Contest.ManyWriters, $"QueueLog logger object, {ManyWriters} writers", ManyWriters, options.Records * Sustained),

            new AppendedFile(Contest.Synced, "O_APPEND write(2) and fdatasync per record", Writers, Math.Max(1, options.Records / Synced)) { IsSynced = true, IsBase = true },
            new QueueLogLogger(Contest.Synced, "QueueLog logger object, durable", Writers, Math.Max(1, options.Records / Synced)) { IsSynced = true },

            new TrialFigure(Contest.Visible, "O_APPEND write(2), no listener, median", appended, WriteToVisible.Median) { IsBase = true },
            new TrialFigure(Contest.Visible, "O_APPEND write(2), no listener, 95th percentile", appended, WriteToVisible.Percentile95),
            new TrialFigure(Contest.Visible, "QueueLog logger object, median", logged, WriteToVisible.Median),
            new TrialFigure(Contest.Visible, "QueueLog logger object, 95th percentile", logged, WriteToVisible.Percentile95),

            new IdleListener(Writers),

            new TrialFigure(Contest.InfoCall, "1,000 calls at a time", burst, InfoCall.Nanoseconds),
            new TrialFigure(Contest.InfoCall, "without a pause", sustained, InfoCall.Nanoseconds),
            new TrialFigure(Contest.InfoBytes, "1,000 calls at a time", burst, InfoCall.Bytes),
            new TrialFigure(Contest.InfoBytes, "without a pause", sustained, InfoCall.Bytes),

            new EmptyCmdletCall { IsBase = true },
            new QueueLogCall(),

            new PythonPool(Contest.Items, "items", processes: 2, items: 100_000) { IsBase = true },
            new QueueLogPool(Contest.Items, host, "Items", processes: 2, items: 100_000),
            new QueueLogPool(Contest.Items, pwsh, "Items", processes: 2, items: 100_000),
            new PwshScript(Contest.Items, "ForEach-Object -Parallel", "parallel.ps1", ["-Threads", "2"], items: 500),
            new PwshScript(Contest.Items, "Start-Job", "startjob.ps1", ["-Processes", "2"], items: 6),

            new PythonPool(Contest.RoundTrip, "roundtrip", processes: 2, items: 3_000) { IsBase = true },
            new QueueLogPool(Contest.RoundTrip, host, "RoundTrip", processes: 2, items: 1_000),
            new QueueLogPool(Contest.RoundTrip, pwsh, "RoundTrip", processes: 2, items: 1_000),

            new BareEngines(Contest.HostReady, host, Writers) { IsBase = true },
            new QueueLogPool(Contest.HostReady, host, "Ready", Writers, items: Writers),

            new BareEngines(Contest.PwshReady, pwsh, Writers) { IsBase = true },
            new QueueLogPool(Contest.PwshReady, pwsh, "Ready", Writers, items: Writers),
            new PythonPool(Contest.PwshReady, "ready", Writers, items: Writers),
        ];
    }
}
