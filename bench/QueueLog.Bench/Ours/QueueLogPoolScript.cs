using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>A pool measured by a script of its own, in either engine.</summary>
internal sealed class QueueLogPoolScript(Contest contest, Tool engine, string script, int processes, int items, string note = "", params string[] arguments)
    : Contender(contest, $"QueueLog pool ({engine.Name}){note}")
{
    public override string? Missing => engine.Missing;

    public override double Run()
    {
        var path = Path.Combine(Tool.BenchFolder, "scripts", script);
        var all = Tool.FileArguments(path, ["-Processes", $"{processes}", "-Items", $"{items}", .. arguments]);
        return PoolFigure.Of(Contest, ScriptRun.Answer(engine.Path!, all), items);
    }
}
