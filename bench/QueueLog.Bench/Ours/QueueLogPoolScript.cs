using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>A pool measured by a script of its own, in either engine.</summary>
internal sealed class QueueLogPoolScript(Contest contest, Tool engine, string script, int processes, int items, string note = "")
    : Contender(contest, $"QueueLog pool ({engine.Name}){note}")
{
    public override string? Missing => engine.Missing;

    public override double Run()
    {
        var path = Path.Combine(Tool.BenchFolder, "scripts", script);
        var arguments = Tool.FileArguments(path, "-Processes", $"{processes}", "-Items", $"{items}");
        return PoolFigure.Of(Contest, ScriptRun.Answer(engine.Path!, arguments), items);
    }
}
