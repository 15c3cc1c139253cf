using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>The names of workers, in the order in which they are first seen, and the processes that bore each.</summary>
internal sealed partial class WorkerNames
{
    /// <summary>A log can be made to name any number of workers.</summary>
    public const int Most = 2000;

    private readonly List<WorkerLives> workers = [];
    private readonly Dictionary<string, int> numbers = [];

    public IReadOnlyList<WorkerLives> All => workers;

    /// <summary>The number of a name.</summary>
    /// <returns>-1 for no worker, and for one too many.</returns>
    public int Of(string worker)
    {
        worker = ReportText.Cut(worker, ReportText.LongestName);
        if (numbers.TryGetValue(worker, out var number))
        {
            return number;
        }

        if (worker.Length == 0 || workers.Count == Most)
        {
            return -1;
        }

        numbers.Add(worker, workers.Count);
        workers.Add(new WorkerLives(worker));
        return workers.Count - 1;
    }

    /// <summary>The worker of a record: a format that shows no worker shows its name as that of the process.</summary>
    public int OfRecord(string? worker, string? process) =>
        worker is not null ? Of(worker)
        : process is null ? -1
        : numbers.TryGetValue(process, out var number) ? number
        : WorkerName().IsMatch(process) ? Of(process) : -1;

    /// <summary>Notes what a record shows of the life of a worker's process.</summary>
    /// <param name="worker">The number of the worker that it names; -1 for none.</param>
    /// <param name="origin">Who wrote it.</param>
    /// <param name="time">When.</param>
    /// <returns>The process; null where the record shows none.</returns>
    public WorkerLife? See(int worker, RecordOrigin origin, long time)
    {
        worker = origin.OfPool is { } news ? Of(news.Worker) : worker;
        if (worker < 0 || origin.Pid <= 0)
        {
            return null;
        }

        var life = workers[worker].Of(origin.Pid);
        if (origin.OfPool is not null)
        {
            life.Apply(origin.OfPool, time, origin.Writer);
        }
        else
        {
            life.SeeRecord(time);
        }

        return life;
    }

    /// <summary>The number in a worker's name, so that Worker-2 comes before Worker-10.</summary>
    public static int NumberIn(string name) => WorkerName().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, out var number) ? number : int.MaxValue;

    [GeneratedRegex(@"^Worker-([0-9]{1,9})(?:@.+)?$")]
    private static partial Regex WorkerName();
}
