using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>Write-QueueLog in a plain script loop, in 10 processes.</summary>
internal sealed class QueueLogCmdlet(int writers, int records) : Contender(Contest.Log, "QueueLog Write-QueueLog in a loop")
{
    public override string? Missing => Tool.Pwsh.Missing;

    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new BenchListener(file.Path);
        var script = Path.Combine(Tool.BenchFolder, "scripts", "write-loop.ps1");
        var seconds = FleetRun.Seconds(
            writers,
            number => new ProcessStartInfo(Tool.Pwsh.Path!, Tool.FileArguments(script, "-Records", $"{records}"))
            {
                Environment = { ["QUEUELOG_PIPE"] = listener.Address, ["QUEUELOG_PROCESS"] = $"Writer-{number}" },
            },
            listener.Stop);
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
