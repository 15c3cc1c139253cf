using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>What scripts do without a log module: take a named mutex, append one line, let go.</summary>
internal sealed class MutexAppend(Tool engine, string with, int writers, int records)
    : Contender(Contest.Log, $"{(with == AddContent ? "Add-Content" : "[IO.File]::AppendAllText")} under a named mutex ({engine.Name})")
{
    /// <summary>The engine's own cmdlet; only pwsh has it.</summary>
    public const string AddContent = "AddContent";

    /// <summary>The nearest thing where there is no such cmdlet, and less than it does.</summary>
    public const string AppendAllText = "AppendAllText";

    public override string? Missing => engine.Missing;

    public override double Run()
    {
        using var file = new RecordFile();
        var script = Path.Combine(Tool.BenchFolder, "scripts", "mutex-append.ps1");
        var mutex = $"queuelog-bench-{Guid.NewGuid():N}";
        var seconds = FleetRun.Seconds(
            writers,
            number => new ProcessStartInfo(engine.Path!, Tool.FileArguments(
                script, "-With", with, "-Path", file.Path, "-Mutex", mutex, "-Name", $"Writer-{number}", "-Records", $"{records}")));
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
