using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>Engines with nothing to do, started at once: the least that so many processes can cost.</summary>
internal sealed class BareEngines(Contest contest, Tool engine, int count) : Contender(contest, $"bare {engine.Name}")
{
    public override string? Missing => engine.Missing;

    public override double Run()
    {
        var script = Path.Combine(Tool.BenchFolder, "scripts", "ready.ps1");
        var watch = Stopwatch.StartNew();
        using var fleet = new ProcessFleet(count, _ => new ProcessStartInfo(engine.Path!, Tool.FileArguments(script)));
        fleet.WaitUntilReady();
        watch.Stop();
        fleet.Go();
        fleet.WaitForExit();
        return watch.Elapsed.TotalMilliseconds;
    }
}
