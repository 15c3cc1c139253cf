using QueueLog.Bench.Ours;
using QueueLog.Bench.Peers;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Compare;

/// <summary>Who takes part, in the order of the table.</summary>
internal static class Contenders
{
    private const int Writers = 10;

    /// <summary>Times the records of a run for those that would otherwise be done before the clock says anything.</summary>
    private const int Long = 10;

    /// <summary>Times the records of a script loop: the engine compiles a loop while it runs, and loops that log run for long.</summary>
    private const int Sustained = 5;

    /// <summary>The part of the records of a run for those whose processes wait for one another at every record.</summary>
    private const int Brief = 4;

    /// <summary>The same for a cmdlet that takes a millisecond to write a line.</summary>
    private const int Slow = 100;

    public static IEnumerable<Contender> All(CompareOptions options)
    {
        var host = Tool.Host;
        var pwsh = Tool.Find("pwsh");
        return
        [
            new PythonQueueLogging(Writers, options.Records) { IsBase = true },
            new SerilogSharedFile(Writers, options.Records),
            new MutexAppend(pwsh, MutexAppend.AddContent, Writers, Math.Max(1, options.Records / Slow)),
            new MutexAppend(host, MutexAppend.AppendAllText, Writers, Math.Max(1, options.Records / Brief)),
            new AppendedFile(Writers, options.Records * Long),
            new QueueLogLogger(Writers, options.Records * Long),
            new QueueLogCmdlet(Writers, options.Records * Sustained),

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
