using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>What the listener's thread does with records: decode, format, and write batches of a megabyte to a real file.</summary>
internal sealed class FormattedFile(LogFormat format) : Trial
{
    public const int RecordsPerSecond = 0;
    public const int Bytes = 1;

    private const int Batches = 50;
    private const int WarmUp = 10;

    protected override IReadOnlyList<double> Measure()
    {
        using var file = new RecordFile();
        var options = new RollingFileOptions { Path = file.Path };
        using var sink = FileSinkFactory.Create(options, RecordFormat.Create(format), new FileLockScope(Path.GetDirectoryName(file.Path)!, "bench"), new FailureLog());
        var batch = new RecordBatch();
        for (var i = 0; i < WarmUp; i++)
        {
            batch.WriteTo(sink);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batches; i++)
        {
            batch.WriteTo(sink);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        CheckLines(file.Path);
        const double Records = (double)Batches * RecordBatch.Count;
        return [Records / elapsed.TotalSeconds, allocated / Records];
    }

    private static void CheckLines(string path)
    {
        const int Expected = (WarmUp + Batches) * RecordBatch.Count;
        var lines = File.ReadLines(path).Count(line => line.Contains(" started", StringComparison.Ordinal));
        if (lines != Expected)
        {
            throw new WrongResultException($"{lines} entries where {Expected} were written");
        }
    }
}
