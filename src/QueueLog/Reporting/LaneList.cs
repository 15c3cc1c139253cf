using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>The lanes of a run, in the order in which they are first seen.</summary>
internal sealed partial class LaneList
{
    // A log can be made to name any number of workers.
    private const int Most = 2000;

    private readonly List<ReportLane> lanes = [];
    private readonly Dictionary<string, int> numbers = [];

    public IReadOnlyList<ReportLane> All => lanes;

    /// <summary>The lane of a worker.</summary>
    /// <returns>-1 for no worker, and for one too many.</returns>
    public int Of(string worker)
    {
        worker = ReportText.Cut(worker, ReportText.LongestName);
        if (numbers.TryGetValue(worker, out var number))
        {
            return number;
        }

        if (worker.Length == 0 || lanes.Count == Most)
        {
            return -1;
        }

        numbers.Add(worker, lanes.Count);
        lanes.Add(new ReportLane(worker));
        return lanes.Count - 1;
    }

    /// <summary>The lane of a record: a format that shows no worker shows its name as that of the process.</summary>
    public int OfRecord(string? worker, string? process) =>
        worker is not null ? Of(worker)
        : process is null ? -1
        : numbers.TryGetValue(process, out var number) ? number
        : WorkerName().IsMatch(process) ? Of(process) : -1;

    /// <summary>The places of the lanes in the order of their names, with numbers in theirs: Worker-2 before Worker-10.</summary>
    public int[] ByName() =>
        [.. Enumerable.Range(0, lanes.Count)
            .OrderBy(lane => NumberOf(lanes[lane].Name))
            .ThenBy(lane => lanes[lane].Name, StringComparer.Ordinal)];

    private static int NumberOf(string name) => WorkerName().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, out var number) ? number : int.MaxValue;

    [GeneratedRegex(@"^Worker-([0-9]{1,9})(?:@.+)?$")]
    private static partial Regex WorkerName();
}
