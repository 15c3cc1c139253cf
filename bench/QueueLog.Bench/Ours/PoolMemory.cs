using System.Text.Json;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Ours;

/// <summary>The memory of the process that a pool belongs to, while its results are looked at and let go; over a queue, that of a host, too.</summary>
internal sealed class PoolMemory(Tool engine, string script, int processes, int items, params string[] arguments) : Trial
{
    /// <summary>After the first tenth of the items.</summary>
    public const int Settled = 0;

    /// <summary>How far it was ever above that afterwards.</summary>
    public const int Highest = 1;

    /// <summary>How far it was above that after the last item.</summary>
    public const int Last = 2;

    /// <summary>Added to one of the others: of a host.</summary>
    public const int OfHost = 3;

    public override string? Missing => engine.Missing;

    protected override IReadOnlyList<double> Measure()
    {
        var path = Path.Combine(Tool.BenchFolder, "scripts", script);
        var answer = ScriptRun.Answer(engine.Path!, Tool.FileArguments(path, ["-Processes", $"{processes}", "-Items", $"{items}", .. arguments]));
        if (answer.GetProperty("items").GetInt32() != items)
        {
            throw new WrongResultException($"{answer.GetProperty("items")} items where {items} were asked for");
        }

        double[] own = Figures(answer, "settled", "highest", "last");
        return answer.TryGetProperty("hostSettled", out _) ? [.. own, .. Figures(answer, "hostSettled", "hostHighest", "hostLast")] : own;
    }

    private static double[] Figures(JsonElement answer, string settled, string highest, string last)
    {
        var start = answer.GetProperty(settled).GetDouble();
        return [start, answer.GetProperty(highest).GetDouble() - start, answer.GetProperty(last).GetDouble() - start];
    }
}
