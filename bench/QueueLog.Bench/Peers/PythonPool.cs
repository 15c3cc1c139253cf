using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>Python's multiprocessing.Pool, measured by its own script.</summary>
internal sealed class PythonPool(Contest contest, string measure, int processes, int items) : Contender(contest, NameOf(measure))
{
    private readonly Tool python = Tool.Find("python3");

    public override string? Missing => python.Missing;

    public override double Run()
    {
        var script = Path.Combine(Tool.BenchFolder, "python", "pool.py");
        var answer = ScriptRun.Answer(python.Path!, [script, measure, $"{processes}", $"{items}"]);
        return PoolFigure.Of(Contest, answer, items);
    }

    private static string NameOf(string measure) => measure switch
    {
        "items" or "strings" or "rows" => "Python Pool.imap(chunksize=1)",
        "rows100" => "Python Pool.imap(chunksize=100)",
        "roundtrip" => "Python Pool.apply",
        _ => "Python Pool (spawn), for information",
    };
}
