using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>What a script in pwsh measures, PowerShell's own means for parallel work above all.</summary>
internal sealed class PwshScript(Contest contest, string name, string script, string[] arguments, int items) : Contender(contest, name)
{
    /// <summary>What the script starts. Default: nothing.</summary>
    public Tool? Needs { get; init; }

    public override string? Missing => Tool.Pwsh.Missing ?? Needs?.Missing;

    public override double Run()
    {
        var path = Path.Combine(Tool.BenchFolder, "scripts", script);
        var answer = ScriptRun.Answer(Tool.Pwsh.Path!, Tool.FileArguments(path, [.. arguments, "-Items", $"{items}"]));
        return PoolFigure.Of(Contest, answer, items);
    }
}
