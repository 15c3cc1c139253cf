using System.Text;
using QueueLog.Bench.Processes;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Soak;

/// <summary>What a run left in its files, read from the oldest to the current one.</summary>
internal sealed class SoakCheck
{
    private const int ShownBroken = 3;

    private readonly WriterNumbers[] writers;

    private SoakCheck(IEnumerable<int> written) => writers = [.. written.Select(count => new WriterNumbers(count))];

    public int Files { get; private set; }

    public long Lines { get; private set; }

    /// <summary>Lines that are no whole record, or one that nobody wrote.</summary>
    public long Broken { get; private set; }

    /// <summary>The first few of them.</summary>
    public List<string> BrokenLines { get; } = [];

    public long Missing => writers.Sum(writer => (long)writer.Missing);

    public long Repeated => writers.Sum(writer => (long)writer.Repeated);

    public long OutOfOrder => writers.Sum(writer => (long)writer.OutOfOrder);

    public bool IsClean => (Missing, Repeated, OutOfOrder, Broken) == (0, 0, 0, 0);

    /// <param name="path">The current file.</param>
    /// <param name="written">How many records each writer wrote, from writer 1 on.</param>
    public static SoakCheck Of(string path, IEnumerable<int> written)
    {
        var check = new SoakCheck(written);
        var names = new RollingPath(path);
        var old = OldFileRow.Of(names, FolderListing.Of(names, withFacts: false));
        old.Reverse();
        foreach (var file in old.Select(file => names.FullPathOf(file.Found.Name)).Append(path))
        {
            check.Read(file);
        }

        return check;
    }

    private void Read(string file)
    {
        Files++;
        foreach (var line in File.ReadLines(file, Encoding.UTF8))
        {
            Lines++;
            var writer = RecordLine.NumberAfter(line, "Writer-");
            if (writer < 1 || writer > writers.Length
                || !line.EndsWith(SoakWriterProcess.LineEnd, StringComparison.Ordinal)
                || !writers[writer - 1].Take(RecordLine.NumberAfter(line, "record ")))
            {
                Broken++;
                if (BrokenLines.Count < ShownBroken)
                {
                    BrokenLines.Add($"{Path.GetFileName(file)}: {line[..Math.Min(line.Length, 200)]}");
                }
            }
        }
    }
}
