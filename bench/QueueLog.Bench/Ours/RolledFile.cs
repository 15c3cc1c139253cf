using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>What rolling costs the listener's thread: the same records into a file that is rolled in one way or another.</summary>
/// <param name="name">The way.</param>
/// <param name="roll">Adds it to the options.</param>
internal sealed class RolledFile(string name, Func<RollingFileOptions, RollingFileOptions> roll) : Contender(Contest.Rolled, name)
{
    private const int Batches = 300;
    private const int WarmUp = 30;

    public override double Run()
    {
        using var file = new RecordFile();
        var failures = new FailureLog();
        var folder = Path.GetDirectoryName(file.Path)!;
        var options = roll(new RollingFileOptions { Path = file.Path });
        using var sink = FileSinkFactory.Create(options, new TemplateFormatter(), new FileLockScope(folder, "bench"), failures);
        var batch = new RecordBatch();
        for (var i = 0; i < WarmUp; i++)
        {
            batch.WriteTo(sink);
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batches; i++)
        {
            batch.WriteTo(sink);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var rolled = Directory.GetFiles(folder, "run.log*").Length - 1;
        if (failures.Count > 0 || rolled != (options.MaxFileSize is null ? 0 : options.MaxFiles))
        {
            throw new WrongResultException($"{rolled} old files; {string.Join("; ", failures.GetRecent().Select(failure => failure.Message))}");
        }

        return Batches * (double)RecordBatch.Count / elapsed.TotalSeconds;
    }
}
