using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

public sealed class RunReportTests : IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void An_item_is_a_bar_in_the_lane_of_its_worker()
    {
        run.AddItem(0, 0, 2, worker: "Worker-10");
        run.AddItem(1, 1, 3, "Failed", worker: "Worker-2", pid: 22, input: new[] { 1, 2 }, error: "no such host", exitCode: 3);
        var report = run.Build();
        Assert.Equal(["Worker-2", "Worker-10"], report.Lanes.Select(lane => lane.Name));
        var failed = report.Items[1];
        Assert.Equal((1, 0, 22, ReportStatus.Failed, "[1,2]", 3), (failed.Index, failed.Lane, failed.Pid, failed.Status, failed.Input, failed.ExitCode));
        Assert.Equal(("no such host", "Bad", "at <ScriptBlock>, run.ps1: line 7"), (failed.Error, failed.ErrorId, failed.StackTrace));
        Assert.Equal((RunFiles.Begin.UtcTicks, RunFiles.Begin.AddSeconds(3).UtcTicks), (report.From, report.To));
        Assert.Equal(1, report.Statuses[ReportStatus.Completed]);
        Assert.Equal(1, report.Statuses[ReportStatus.Failed]);
        Assert.Equal((1, 1, TimeSpan.TicksPerSecond * 2), (report.Lanes[0].Items, report.Lanes[0].Failures, report.Lanes[0].Busy));
    }

    [Fact]
    public void The_log_shows_attempts_before_the_last_and_items_without_an_end()
    {
        run.AddItem(0, 5, 6, attempt: 2);
        run.AddRecord(1, "first try", item: 0, attempt: 1);
        run.AddRecord(2, "it broke", "Error", item: 0, attempt: 1);
        run.AddRecord(5.5, "second try", item: 0, attempt: 2);
        run.AddRecord(7, "begun", item: 1, attempt: 1);
        run.AddRecord(8, "under way", item: 1, attempt: 1);
        var report = run.Build();
        Assert.Equal([(0, 1, ReportStatus.Retried), (0, 2, ReportStatus.Completed), (1, 1, ReportStatus.Unfinished)], report.Items.Select(item => ((int)item.Index, item.Attempt, item.Status)));
        Assert.Equal("it broke", report.Items[0].Error);
        Assert.Equal(TimeSpan.TicksPerSecond, report.Items[2].End - report.Items[2].Start);
        Assert.Equal(1, report.Retries);
        Assert.Contains(report.Notes, note => note.StartsWith("1 items are in the log and not in the job log", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_alone_tells_of_items_and_says_what_it_cannot_tell()
    {
        run.AddRecord(1, "item 0, 'srv-0', failed after 900.5 ms: bad luck", "Warning", item: 0, attempt: 1, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(2, "c", "Error", item: 0, attempt: 2);
        run.AddRecord(3, "slow", item: 1, attempt: 1, pid: 12, worker: "Worker-2");
        run.AddRecord(4, "item 1, 'srv-1', took longer than 1 s", "Warning", item: 1, attempt: 1, pid: 9, worker: "Worker-2", category: "QueueLog.Pool");
        var report = run.Build();
        Assert.Equal([ReportStatus.Retried, ReportStatus.Unknown, ReportStatus.TimedOut], report.Items.Select(item => item.Status));
        Assert.Equal(["srv-0", "", "srv-1"], report.Items.Select(item => item.Input));
        Assert.Equal(("bad luck", RunFiles.Begin.AddSeconds(0.0995).UtcTicks), (report.Items[0].Error, report.Items[0].Start));
        Assert.Equal((2, 1), (report.Statuses.Values.Sum(), report.Retries));
        Assert.StartsWith("Made without the job log: each bar", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pool_tells_of_births_and_deaths()
    {
        run.AddRecord(0, "Worker-1 started as process 11", "Debug", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(4, "Worker-1 (process 11) died: it was ended by signal 9 (SIGKILL) at item 3", "Error", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(5, "Worker-1 started as process 12", "Debug", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(6, "Worker-1 (process 12) was killed: item 4 took too long", "Warning", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(7, "Worker-1 (process 12) ended", "Debug", pid: 9, category: "QueueLog.Pool");
        var lives = Assert.Single(run.Build().Lanes).Processes.ToArray();
        Assert.Equal([11, 12], lives.Select(life => life.Pid));
        Assert.Equal(RunFiles.Begin.AddSeconds(5).UtcTicks, lives[1].Born);
        Assert.Equal(RunFiles.Begin.AddSeconds(7).UtcTicks, lives[1].Died);
        Assert.Equal(["died: it was ended by signal 9 (SIGKILL) at item 3", "killed: item 4 took too long"], lives.Select(life => life.End));
    }

    [Fact]
    public void Failures_that_differ_in_numbers_and_quotations_are_one_group()
    {
        run.AddItem(0, 0, 1, "Failed", input: "a", error: "host 'a' refused port 80");
        run.AddItem(1, 1, 2, "Failed", input: "b", error: "host 'b' refused port 8080\nand more");
        run.AddItem(2, 2, 3, "Crashed", input: "c");
        run.AddRecord(1, "job 7 is lost", "Error", worker: null, template: "job {Job} is lost");
        run.AddRecord(2, "job 8 is lost", "Critical", worker: null, template: "job {Job} is lost");
        run.AddRecord(1.5, "said by a failed item", "Error", item: 1, attempt: 1);
        var groups = run.Build().Failures;
        Assert.Equal(["Items 2 host '…' refused port #", "Items 1 Crashed", "Records 2 job {Job} is lost"], groups.Select(group => $"{group.Kind} {group.Count} {group.Template}"));
        Assert.Equal((RunFiles.Begin.AddSeconds(1).UtcTicks, RunFiles.Begin.AddSeconds(2).UtcTicks), (groups[0].First, groups[0].Last));
        Assert.Equal(["a", "b"], groups[0].Inputs);
        Assert.Equal("host 'a' refused port 80", groups[0].Example);
    }

    [Fact]
    public void What_is_too_much_is_thinned_out_and_said_and_never_a_failure()
    {
        for (var i = 0; i < 400; i++)
        {
            run.AddItem(i, i, i + 1, i % 100 == 99 ? "Failed" : "Completed", error: i % 100 == 99 ? "bad" : null);
            run.AddRecord(i, $"record {i}", item: i, attempt: 1);
            run.AddRecord(i + 0.5, $"record {i} again", i % 100 == 99 ? "Error" : "Information", item: i, attempt: 1);
        }

        var report = run.Build(options => options with { MostItems = 100, RecordBudget = 12000 });
        Assert.Equal([99, 199, 299, 399], report.Items.Where(item => item.IsFailure).Select(item => (int)item.Index));
        Assert.InRange(report.Items.Count, 50, 104);
        Assert.Equal(396, report.Statuses[ReportStatus.Completed]);
        Assert.Equal(400, report.Durations.Count);
        Assert.Equal(400, report.Timeline.Filled.Sum(part => part.Bucket.Completed + part.Bucket.Failed));
        Assert.Equal((796, 4), (report.Levels[(int)LogLevel.Information], report.Levels[(int)LogLevel.Error]));
        Assert.Equal(8, report.Records.Count(record => (record.Item + 1) % 100 == 0));
        Assert.InRange(report.Records.Count, 30, 200);
        Assert.True(report.Records[^1].Item > 350, "what stays is spread over the whole run");
        Assert.Contains(report.Notes, note => note.StartsWith("The timeline shows all items that failed, and at most 100 of the others", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains($" of 792 other records, spread over the run", StringComparison.Ordinal));
    }

    [Fact]
    public void What_failed_and_was_run_again_later_is_a_retry()
    {
        run.AddItem(0, 0, 1, "Failed", key: "a", error: "bad");
        run.AddItem(1, 1, 2, key: "b");
        run.AddItem(0, 10, 11, key: "a");
        var report = run.Build();
        Assert.Equal([ReportStatus.Retried, ReportStatus.Completed, ReportStatus.Completed], report.Items.Select(item => item.Status));
        Assert.Equal([KeyValuePair.Create(ReportStatus.Completed, 2L)], report.Statuses);
        Assert.Equal(1, report.Retries);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void Times_that_run_backwards_are_shown_as_they_are_and_said()
    {
        run.AddItem(0, 5, 3);
        run.AddItem(1, 0, 1, pid: 12);
        run.AddRecord(200, "late", item: 1, attempt: 1, pid: 12);
        run.AddRecord(2, "early", item: 0, attempt: 1);
        var report = run.Build();
        Assert.Equal(-2 * TimeSpan.TicksPerSecond, report.Items.Single(item => item.Index == 0).End - report.Items.Single(item => item.Index == 0).Start);
        Assert.Equal(1, report.Durations.Count);
        Assert.Contains(report.Notes, note => note.StartsWith("1 items end before they begin", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.StartsWith("The times of the log run backwards", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("up to 00:03:19 away from their bars", StringComparison.Ordinal));
    }

    [Fact]
    public void The_audit_is_that_of_Test_QueueLog()
    {
        run.AddRecord(0, "a");
        run.AddRecord(1, "b");
        run.AddRecord(2, "c");
        var lines = File.ReadAllLines(run.Log);
        File.WriteAllLines(run.Log, [lines[0], lines[2]]);
        var check = run.Build().Audit[0];
        Assert.Equal((CheckStatus.Incomplete, 1), (check.Status, (int)check.Missing!));
    }

    [Fact]
    public void A_cut_line_of_the_job_log_is_left_out_and_said()
    {
        run.AddItem(0, 0, 1);
        run.AddItem(1, 1, 2);
        File.WriteAllText(run.JobLog, File.ReadAllText(run.JobLog)[..^30]);
        var report = run.Build();
        Assert.Equal(0, Assert.Single(report.Items).Index);
        Assert.Contains("1 lines of the job log run.jsonl are cut or not of a job log. They are left out.", report.Notes);
    }

    [Fact]
    public void Long_texts_are_cut()
    {
        run.AddItem(0, 0, 1, "Failed", input: new string('i', 100_000), error: new string('e', 100_000));
        run.AddRecord(0, new string('m', 10_000_000), "Error", worker: null);
        var report = run.Build();
        Assert.True(report.Items[0].Input.Length + report.Items[0].Error.Length + report.Records[0].Message.Length < 10_000);
        Assert.EndsWith("… (9,996,000 more characters)", report.Records[0].Message, StringComparison.Ordinal);
    }
}
