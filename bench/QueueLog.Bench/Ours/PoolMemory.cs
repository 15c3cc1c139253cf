using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>The memory of the process that a pool belongs to, while its results are looked at and let go.</summary>
internal sealed class PoolMemory(Tool engine, int processes, int items, params string[] arguments) : Trial
{
    /// <summary>After the first tenth of the items.</summary>
    public const int Settled = 0;

    /// <summary>How far it was ever above that afterwards.</summary>
    public const int Highest = 1;

    /// <summary>How far it was above that after the last item.</summary>
    public const int Last = 2;

    public override string? Missing => engine.Missing;

    protected override IReadOnlyList<double> Measure()
    {
        var script = Path.Combine(Tool.BenchFolder, "scripts", "pool-memory.ps1");
        var answer = ScriptRun.Answer(engine.Path!, Tool.FileArguments(script, ["-Processes", $"{processes}", "-Items", $"{items}", .. arguments]));
        if (answer.GetProperty("items").GetInt32() != items)
        {
            throw new WrongResultException($"{answer.GetProperty("items")} items where {items} were asked for");
        }

        var settled = answer.GetProperty("settled").GetDouble();
        return [settled, answer.GetProperty("highest").GetDouble() - settled, answer.GetProperty("last").GetDouble() - settled];
    }
}
