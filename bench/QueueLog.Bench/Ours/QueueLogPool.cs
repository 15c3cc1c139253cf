using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>Start-WorkerPool and Invoke-WorkerPool, measured by a script.</summary>
internal sealed class QueueLogPool(Contest contest, Tool engine, string measure, int processes, int items)
    : Contender(contest, $"QueueLog pool ({engine.Name})")
{
    public override string? Missing => engine.Missing;

    public override double Run()
    {
        var script = Path.Combine(Tool.BenchFolder, "scripts", "pool.ps1");
        var arguments = Tool.FileArguments(script, "-Measure", measure, "-Processes", $"{processes}", "-Items", $"{items}");
        return PoolFigure.Of(Contest, ScriptRun.Answer(engine.Path!, arguments), items);
    }
}
