using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>Celery or RQ on Redis, with workers on this machine that run already; measured by its own script.</summary>
internal sealed class PythonTaskQueue(Contest contest, string kind, int processes, int items) : Contender(contest, NameOf(kind))
{
    private readonly Tool python = Tool.Find("python3");

    public override string? Missing => python.Missing ?? Tool.Find("redis-server").Missing ?? Tool.Find("celery").Missing ?? Tool.Find("rq").Missing;

    public override double Run()
    {
        var script = Path.Combine(Tool.BenchFolder, "python", "task_queue.py");
        return PoolFigure.Of(Contest, ScriptRun.Answer(python.Path!, [script, kind, $"{processes}", $"{items}"]), items);
    }

    private static string NameOf(string kind) => kind switch
    {
        "celery" => "Celery on Redis",
        "celery100" => "Celery on Redis, chunks of 100",
        _ => "RQ on Redis",
    };
}
