using System.Diagnostics;
using System.Globalization;

namespace QueueLog.Bench.Soak;

/// <summary>The memory of a process in the course of a run, in MB.</summary>
internal sealed class MemoryTrace(Process process, TimeSpan settled)
{
    // One sample says as much of the collector's mood as of the program.
    private const int Averaged = 5;

    private readonly List<(TimeSpan Time, double Resident, double Private)> samples = [];

    /// <summary>Everything in memory, with what it shares with its clients.</summary>
    public MemoryFigures Resident => Of(sample => sample.Resident);

    /// <summary>The part that no other process and no file has.</summary>
    public MemoryFigures Private => Of(sample => sample.Private);

    public void Sample(TimeSpan time)
    {
        process.Refresh();
        if (OperatingSystem.IsLinux())
        {
            // statm = size resident shared …, in pages
            var pages = File.ReadAllText($"/proc/{process.Id}/statm").Split(' ');
            var (resident, shared) = (Megabytes(pages[1]), Megabytes(pages[2]));
            samples.Add((time, resident, resident - shared));
        }
        else
        {
            samples.Add((time, process.WorkingSet64 / 1e6, process.PrivateMemorySize64 / 1e6));
        }
    }

    private static double Megabytes(string pages) => long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize / 1e6;

    private MemoryFigures Of(Func<(TimeSpan Time, double Resident, double Private), double> value) => new(
        Median(samples.SkipWhile(sample => sample.Time < settled).Take(Averaged).Select(value)),
        samples.Max(value),
        Median(samples.TakeLast(Averaged).Select(value)));

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;
}
