using System.Text;
using QueueLog.Bench.Compare;

namespace QueueLog.Bench.Processes;

/// <summary>The file the writers of one run share: in a folder of its own, checked line by line, and gone afterwards.</summary>
internal sealed class RecordFile : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("queuelog-bench-");

    public string Path => System.IO.Path.Combine(folder.FullName, "run.log");

    /// <summary>Bytes that the disk under it has left.</summary>
    public long FreeSpace => new DriveInfo(folder.FullName).AvailableFreeSpace;

    /// <summary>Every line is one whole record, there are as many as were written, and each writer's are in order.</summary>
    /// <exception cref="WrongResultException">It is not so.</exception>
    public void Check(int writers, int records)
    {
        var next = Enumerable.Repeat(1, writers + 1).ToArray();
        var lines = 0;
        foreach (var line in File.ReadLines(Path, Encoding.UTF8))
        {
            lines++;
            var writer = RecordLine.NumberAfter(line, "Writer-");
            if (writer < 1 || writer > writers || line.Length > 120 || !line.EndsWith($" of {records}", StringComparison.Ordinal))
            {
                throw new WrongResultException($"line {lines} is no whole record: {line[..Math.Min(line.Length, 120)]}");
            }

            if (RecordLine.NumberAfter(line, "record ") != next[writer]++)
            {
                throw new WrongResultException($"line {lines} is not record {next[writer] - 1} of Writer-{writer}");
            }
        }

        if (lines != writers * records)
        {
            throw new WrongResultException($"{lines} lines where {writers * records} records were written");
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
