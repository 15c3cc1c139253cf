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
    private readonly WorkerNames workers = new();
    private readonly TimeBuckets timeline = new();
    private readonly FailureGroups failures = new();
    private readonly ItemIntake jobs;
    private readonly ReportNotes notes = new();

    public ReportBuilder(ReportOptions options)
    {
        this.options = options;
        jobs = new ItemIntake(options, workers, timeline);
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

        var records = new RecordIntake(options, workers, jobs, timeline, failures);
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
        var plan = new LanePlan(workers);
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
            Lanes = plan.Lanes,
            Items = [.. items.Select(item => item with { Lane = plan.Of(item.Lane, item.Pid, item.Start) })],
            Records = [.. records.Kept.Select(record => record with { Lane = plan.Of(record.Lane, record.Pid, record.Time) })],
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
        var life = jobs.LifeOf(item);
        if (life is not null)
        {
            life.Busy = Saturating.Add(life.Busy, item.End - item.Start);
        }

        if (hasJobLog || item.Status == ReportStatus.Retried)
        {
            return;
        }

        if (life is not null)
        {
            life.Items++;
            life.Failures += item.IsFailure ? 1 : 0;
        }

        durations.Add(item.End - item.Start);
        timeline.AddEnd(item.End, item.IsFailure);
        if (item.IsFailure)
        {
            failures.AddItem(item);
        }
    }
}
