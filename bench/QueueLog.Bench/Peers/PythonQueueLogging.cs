using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>Python's pair: QueueHandler in the writers, QueueListener and FileHandler in the parent.</summary>
internal sealed class PythonQueueLogging(int writers, int records) : Contender(Contest.Log, "Python QueueHandler, QueueListener")
{
    private readonly Tool python = Tool.Find("python3");

    public override string? Missing => python.Missing;

    public override double Run()
    {
        using var file = new RecordFile();
        var script = Path.Combine(Tool.BenchFolder, "python", "queue_logging.py");
        var answer = ScriptRun.Answer(python.Path!, [script, file.Path, $"{writers}", $"{records}"]);
        file.Check(writers, records);
        return writers * (double)records / answer.GetProperty("seconds").GetDouble();
    }
}
