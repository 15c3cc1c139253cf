using QueueLog.Reporting;
using QueueLog.Reporting.Page;
using QueueLog.Reporting.Trace;

namespace QueueLog.Tests.Reporting;

public sealed class OddTimesTests : IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Records_without_times_stand_at_their_items_and_make_no_clock_differ()
    {
        run.AddItem(0, 5, 6);
        run.AddItem(1, 50, 60);
        File.WriteAllText(run.Log, """
            [Information] pwsh (9) #: before
            [Information] Worker-1 (11) #1: of item 1

            """);
        var report = run.Build(options => options with { Query = options.Query with { Template = "[{Level}] {Process} ({Pid}) #{Item}: {Message}" } });
        Assert.Equal([RunFiles.Begin.AddSeconds(5).UtcTicks, RunFiles.Begin.AddSeconds(50).UtcTicks], report.Records.Select(record => record.Time));
        Assert.Equal(RunFiles.Begin.AddSeconds(5).UtcTicks, report.From);
        Assert.Equal(0, report.Timeline.Filled.Sum(part => part.Bucket.Levels.Sum()));
        Assert.StartsWith("2 records show no time", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_before_the_first_time_have_that()
    {
        File.WriteAllText(run.Log, "a heading of another program\n2026-03-04 23:59:50,000 [Information] pwsh: a\n");
        var report = run.Build(options => options with { Query = options.Query with { Template = "{Timestamp} [{Level}] {Process}: {Message}" } });
        Assert.Equal(1, report.RawLines);
        Assert.Equal([report.From, report.From], report.Records.Select(record => record.Time));
    }

    [Fact]
    public void An_item_without_times_counts_and_stands_at_the_begin()
    {
        File.WriteAllText(run.JobLog, """{"Index":7,"Status":"Failed","Attempt":1,"Worker":"Worker-1","Pid":11,"Queued":null,"Started":null,"Ended":null,"Duration":null}""" + "\n");
        run.AddItem(0, 40, 41);
        run.AddRecord(40.5, "of 7", item: 7, attempt: 1);
        var report = run.Build();
        Assert.Equal((RunFiles.Begin.AddSeconds(40).UtcTicks, RunFiles.Begin.AddSeconds(41).UtcTicks), (report.From, report.To));
        Assert.Equal(1, report.Statuses[ReportStatus.Failed]);
        Assert.Equal((2, 1), (report.Items.Count, report.Durations.Count));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void Clocks_that_are_days_apart_are_said_to_be_days_apart()
    {
        run.AddItem(0, 0, 1);
        run.AddRecord(3 * 86400 + 3601, "late", item: 0, attempt: 1);
        Assert.Contains(run.Build().Notes, note => note.Contains("up to 3 days 01:00:00 away", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_from_the_first_to_the_last_year_are_written()
    {
        File.WriteAllText(run.JobLog, """{"Index":6,"Status":"Completed","Attempt":1,"Worker":"Worker-1","Pid":11,"Started":"2026-01-01T00:00:00-10:00","Ended":"2026-01-01T00:00:01-10:00"}""" + "\n");
        for (var i = 0; i < 5; i++)
        {
            File.AppendAllText(run.JobLog, $$"""{"Index":{{i}},"Status":"Completed","Attempt":1,"Worker":"Worker-1","Pid":11,"Started":"0001-01-01T00:00:00+00:00","Ended":"9999-12-31T23:59:59+00:00"}""" + "\n");
        }

        File.AppendAllText(run.JobLog, """{"Index":5,"Status":"Completed","Attempt":1,"Worker":"Worker-1","Pid":11,"Ended":"0001-01-01T00:00:00+00:00","Duration":"01:00:00"}""" + "\n");
        var report = run.Build();
        Assert.Equal((TimeSpan.MaxValue, long.MaxValue), (report.Durations.Total, report.Lanes[0].Busy));
        using var page = new MemoryStream();
        PageWriter.Write(report, page);
        using var trace = new MemoryStream();
        new ChromeTrace(report).Write(trace);
        Assert.True(page.Length > 0 && trace.Length > 0);
    }

    [Fact]
    public void A_duration_longer_than_all_time_begins_with_time()
    {
        run.AddRecord(0, "item 9 completed in 99999999999999999999999 ms", "Debug", item: 9, attempt: 1, category: "QueueLog.Pool", isOfWorker: true);
        Assert.Equal((0, RunFiles.Begin.UtcTicks), (run.Build().Items[0].Start, run.Build().Items[0].End));
    }
}
