using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>What PowerShell itself offers for parallel work; only pwsh has it.</summary>
internal sealed class PwshScript(Contest contest, string name, string script, string[] arguments, int items) : Contender(contest, name)
{
    private readonly Tool pwsh = Tool.Find("pwsh");

    public override string? Missing => pwsh.Missing;

    public override double Run()
    {
        var path = Path.Combine(Tool.BenchFolder, "scripts", script);
        var answer = ScriptRun.Answer(pwsh.Path!, pwsh.FileArguments(path, [.. arguments, "-Items", $"{items}"]));
        return PoolFigure.Of(Contest, answer, items);
    }
}
