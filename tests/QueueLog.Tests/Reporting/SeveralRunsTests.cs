using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

public sealed class SeveralRunsTests : IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Records_belong_to_the_item_of_their_process_in_whichever_job_log_it_is()
    {
        run.AddItem(3, 0, 1, "Failed", pid: 11, input: "a", error: "bad");
        var first = run.EndJobLog("first.jsonl");
        run.AddItem(3, 100, 101, attempt: 2, pid: 22, input: "b");
        run.AddRecord(0.5, "of the first run", "Error", item: 3, attempt: 1, pid: 11);
        run.AddRecord(90, "of the second run, first try", item: 3, attempt: 1, pid: 21);
        run.AddRecord(100.5, "of the second run", "Error", item: 3, attempt: 2, pid: 22);
        var report = run.Build(options => options with { JobLogs = [first, .. options.JobLogs] });
        Assert.Equal(
            ["a 1 Failed", "b 1 Retried", "b 2 Completed"],
            report.Items.Select(item => $"{item.Input} {item.Attempt} {item.Status}"));
        Assert.Equal(["Items bad", "Records of the second run"], report.Failures.Select(group => $"{group.Kind} {group.Template}"));
        Assert.Equal(1, report.Retries);
        Assert.DoesNotContain(report.Notes, note => note.Contains("clocks", StringComparison.Ordinal));
    }

    [Fact]
    public void Records_of_one_process_belong_to_the_item_of_their_time()
    {
        for (var i = 0; i < 40; i++)
        {
            run.AddItem(0, i * 100, i * 100 + 1, i == 20 ? "Failed" : "Completed", input: $"input {i}", error: i == 20 ? "bad" : null);
            run.AddRecord(i * 100 + 0.5, $"of run {i}", "Error", item: 0, attempt: 1);
        }

        var report = run.Build();
        Assert.Equal(40, report.Items.Count);
        Assert.Equal(39, Assert.Single(report.Failures, group => group.Kind == FailureKind.Records).Count);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void Runs_that_only_the_log_tells_of_are_told_apart()
    {
        run.AddRecord(0, "item 0 started", "Debug", item: 0, attempt: 1, pid: 11, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(1, "item 0, 'a', failed after 900 ms: bad", "Warning", item: 0, attempt: 1, pid: 11, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(10, "item 0 started", "Debug", item: 0, attempt: 1, pid: 11, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(11, "item 0 completed in 900 ms", "Debug", item: 0, attempt: 1, pid: 11, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(20, "other process", item: 0, attempt: 1, pid: 12);
        run.AddRecord(21, "item 0, 'b', took longer than 1 s", "Warning", item: 0, attempt: 1, pid: 9, category: "QueueLog.Pool");
        run.AddRecord(22, "once more", item: 0, attempt: 2, pid: 13);
        var report = run.Build();
        Assert.Equal(
            [ReportStatus.Failed, ReportStatus.Completed, ReportStatus.Retried, ReportStatus.Unknown],
            report.Items.Select(item => item.Status));
        Assert.Equal((3, 1), (report.Statuses.Values.Sum(), report.Retries));
        Assert.Equal(3, report.Lanes.Sum(lane => lane.Items));
    }

    [Fact]
    public void What_was_run_again_counts_once_in_every_figure()
    {
        run.AddItem(0, 0, 1, "Failed", key: "a", error: "bad");
        run.AddItem(1, 1, 2, key: "b");
        run.AddItem(0, 10, 11, key: "a");
        var report = run.Build();
        Assert.Equal(2, report.Statuses[ReportStatus.Completed]);
        Assert.Equal((2, 0), (report.Lanes[0].Items, report.Lanes[0].Failures));
        Assert.Equal((2, 0), (report.Timeline.Filled.Sum(part => part.Bucket.Completed), report.Timeline.Filled.Sum(part => part.Bucket.Failed)));
        Assert.Equal(2, report.Durations.Count);
    }

    [Fact]
    public void Of_whole_runs_in_one_job_log_or_in_several_each_item_counts()
    {
        AddRun(0);
        AddRun(10);
        Check(run.Build());
        File.Delete(run.JobLog);
        AddRun(0);
        var first = run.EndJobLog("first.jsonl");
        AddRun(10);
        Check(run.Build(options => options with { JobLogs = [first, .. options.JobLogs] }));

        void AddRun(int at)
        {
            run.AddItem(0, at, at + 1, at == 0 ? "Failed" : "Completed", key: "a", error: at == 0 ? "bad" : null);
            run.AddItem(1, at + 1, at + 2, key: "b");
        }

        static void Check(RunReport report)
        {
            Assert.Equal((3, 1, 0), (report.Statuses[ReportStatus.Completed], report.Statuses[ReportStatus.Failed], report.Retries));
            Assert.Equal((4, 1), (report.Lanes[0].Items, report.Lanes[0].Failures));
            Assert.Equal(1, Assert.Single(report.Failures).Count);
        }
    }
}
