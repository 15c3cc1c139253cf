using QueueLog.Listener;
using QueueLog.Pool.JobLog;
using QueueLog.Reading;
using QueueLog.Reading.Checks;

namespace QueueLog.Reporting;

/// <summary>Reads job logs, then logs, each once, and makes a report of them.</summary>
internal sealed class ReportBuilder
{
    // Of a log with many clients those that need a look come first.
    private const int MostChecks = 500;

    private readonly ReportOptions options;
    private readonly LaneList lanes = new();
    private readonly TimeBuckets timeline = new();
    private readonly FailureGroups failures = new();
    private readonly ItemIntake jobs;
    private readonly ReportNotes notes = new();

    public ReportBuilder(ReportOptions options)
    {
        this.options = options;
        jobs = new ItemIntake(options, lanes, timeline);
    }

    /// <exception cref="IOException">A job log cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A job log may not be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RunReport Build()
    {
        // The check of Test-QueueLog reads the logs once more, at the same time: so it needs no knowledge of reports.
        var audit = Task.Run(Audit, options.Query.Cancellation);
        options.JobLogs.ToList().ForEach(ReadJobLog);
        foreach (var item in jobs.Failures)
        {
            failures.AddItem(item);
        }

        var records = new RecordIntake(options, lanes, jobs, timeline, failures);
        var query = options.Query with { Report = Report };
        foreach (var entry in LogMerge.ByTime([.. options.Logs.Select(log => new LogReader(query).Read(log)), []]))
        {
            records.Add(entry);
        }

        return ToReport(records, audit.GetAwaiter().GetResult());
    }

    private void ReadJobLog(string path)
    {
        var reader = new JobLogReader(path);
        var before = jobs.Count;
        foreach (var line in reader.Read(options.Query.Cancellation))
        {
            jobs.Add(line);
        }

        jobs.EndFile();
        notes.JobLog(path, jobs.Count - before, reader);
    }

    private void Report(ReadProblem problem)
    {
        notes.Log(problem);
        options.Query.Report(problem);
    }

    private List<CheckResult> Audit()
    {
        var query = options.Query with { Report = static _ => { } };
        return [.. options.Logs.SelectMany(log => new LogCheck(log, query).Run())];
    }

    private RunReport ToReport(RecordIntake records, List<CheckResult> audit)
    {
        var hasJobLog = options.JobLogs.Count > 0;
        var others = records.Attempts.Beyond(hasJobLog).ToList();
        var statuses = jobs.Statuses;
        var durations = jobs.Durations;
        foreach (var item in others)
        {
            if (item.Status != ReportStatus.Retried)
            {
                statuses[item.Status] = statuses.GetValueOrDefault(item.Status) + 1;
            }

            AddFromLog(item, hasJobLog, durations);
        }

        ReportItem[] items = [.. jobs.Kept.Concat(others).OrderBy(item => item.Start)];
        var from = Math.Min(records.From, items.Length == 0 ? long.MaxValue : items[0].Start);
        var to = Math.Max(records.To, items.Length == 0 ? long.MinValue : items.Max(item => Math.Max(item.Start, item.End)));
        notes.Run(options, jobs, records, others, from, to);
        var now = options.Clock.GetLocalNow();
        var order = lanes.ByName();
        var places = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            places[order[place]] = place;
        }

        return new RunReport
        {
            Title = options.Title ?? Path.GetFileNameWithoutExtension(options.JobLogs.Concat(options.Logs).First()),
            Written = now,
            Sources = [.. options.Logs.Select(log => new ReportSource("log", log)), .. options.JobLogs.Select(log => new ReportSource("job log", log))],
            Notes = notes.All,
            From = from <= to ? from : now.UtcTicks,
            To = from <= to ? to : now.UtcTicks,
            OffsetMinutes = records.OffsetMinutes ?? jobs.OffsetMinutes ?? (int)now.Offset.TotalMinutes,
            Statuses = statuses.Where(status => status.Value > 0).ToDictionary(),
            Retries = jobs.Retries + records.Attempts.Retries,
            Levels = records.Levels,
            RawLines = records.RawLines,
            Lanes = [.. order.Select(lane => lanes.All[lane])],
            Items = [.. items.Select(item => item.Lane < 0 ? item : item with { Lane = places[item.Lane] })],
            Records = [.. records.Kept.Select(record => record.Lane < 0 ? record : record with { Lane = places[record.Lane] })],
            Failures = failures.ByCount,
            Audit = [.. audit.OrderBy(check => check.Status is CheckStatus.Complete ? 1 : 0).Take(MostChecks)],
            Timeline = timeline,
            Durations = DurationSummary.Of(durations),
        };
    }

    // What only the log tells of.
    private void AddFromLog(ReportItem item, bool hasJobLog, List<long> durations)
    {
        timeline.AddBusy(item.Start, item.End);
        var lane = item.Lane < 0 ? null : lanes.All[item.Lane];
        if (lane is not null)
        {
            lane.Busy = Saturating.Add(lane.Busy, item.End - item.Start);
        }

        if (hasJobLog || item.Status == ReportStatus.Retried)
        {
            return;
        }

        if (lane is not null)
        {
            lane.Items++;
            lane.Failures += item.IsFailure ? 1 : 0;
        }

        durations.Add(item.End - item.Start);
        timeline.AddEnd(item.End, item.IsFailure);
        if (item.IsFailure)
        {
            failures.AddItem(item);
        }
    }
}
