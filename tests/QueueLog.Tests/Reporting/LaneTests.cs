using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

public sealed class LaneTests : IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Workers_of_one_name_that_run_at_the_same_time_have_lanes_of_their_own()
    {
        run.AddItem(0, 0, 10, pid: 11);
        run.AddItem(1, 5, 6, "Failed", pid: 77, error: "bad");
        run.AddItem(2, 7, 8, pid: 77);
        run.AddItem(3, 3, 4, worker: "Worker-2", pid: 22);
        run.AddRecord(1, "of 11", item: 0, attempt: 1);
        run.AddRecord(5.5, "of 77", item: 1, attempt: 1, pid: 77);
        run.AddRecord(6.5, "Worker-1 (process 77) was killed: why not", "Warning", pid: 9, category: "QueueLog.Pool");
        var report = run.Build();
        Assert.Equal(["Worker-1 (11) 1/0 100000000", "Worker-1 (77) 2/1 20000000", "Worker-2 1/0 10000000"], report.Lanes.Select(lane => $"{lane.Name} {lane.Items}/{lane.Failures} {lane.Busy}"));
        Assert.Equal(["11", "77", "22"], report.Lanes.Select(ProcessesOf));
        Assert.Equal(["0:0", "1:1", "2:1", "3:2"], report.Items.OrderBy(item => item.Index).Select(item => $"{item.Index}:{item.Lane}"));
        Assert.Equal([0, 1, 1], report.Records.Select(record => record.Lane));
    }

    [Fact]
    public void A_worker_that_was_replaced_is_one_lane_however_it_ended()
    {
        News(0, "Worker-1 started as process 11");
        News(1, "Worker-1 (process 11) died: it was ended by signal 9 (SIGKILL)");
        run.AddRecord(1.5, "a line that was read late", pid: 11);
        News(1.2, "Worker-1 started as process 12");
        News(2, "Worker-1 (process 12) was killed: item 4 took too long");
        News(2.1, "Worker-1 (process 12) ended");
        News(3, "Worker-1 started as process 13");
        News(4, "Worker-1 (process 13) ended");
        News(4.1, "Worker-1 (process 13) is replaced after 7 items");
        News(5, "Worker-1 started as process 14");
        Assert.Equal("Worker-1: 11 12 13 14", Lanes());
    }

    [Fact]
    public void The_worker_of_a_pool_that_has_ended_is_another_than_that_of_the_next()
    {
        News(0, "Worker-1 started as process 11");
        News(1, "Worker-1 (process 11) ended");
        News(2, "Worker-1 started as process 12");
        Assert.Equal("Worker-1 (11): 11, Worker-1 (12): 12", Lanes());
    }

    [Fact]
    public void The_workers_of_two_sessions_are_different_ones()
    {
        News(0, "Worker-1 started as process 11");
        News(1, "Worker-1 (process 11) died: it was ended by signal 9 (SIGKILL)");
        News(2, "Worker-1 started as process 12", session: 10);
        run.AddRecord(3, "of 13", pid: 13);
        News(4, "Worker-1 (process 13) died: it was ended by signal 9 (SIGKILL)", session: 10);
        Assert.Equal("Worker-1 (11): 11, Worker-1 (12): 12 13", Lanes());
    }

    [Fact]
    public void Of_two_pools_at_a_time_the_one_whose_process_has_ended_gets_the_next()
    {
        News(0, "Worker-1 started as process 11");
        News(0.5, "Worker-1 started as process 71");
        News(2, "Worker-1 (process 71) died: it was ended by signal 9 (SIGKILL)");
        News(3, "Worker-1 started as process 72");
        run.AddRecord(9, "of 11", pid: 11);
        run.AddRecord(9.5, "of 72", pid: 72);
        Assert.Equal("Worker-1 (11): 11, Worker-1 (71): 71 72", Lanes());
    }

    [Fact]
    public void Job_logs_without_a_common_process_are_of_different_pools_and_attempts_go_with_theirs()
    {
        run.AddItem(0, 0, 1, pid: 11);
        var first = run.EndJobLog("first.jsonl");
        run.AddItem(0, 100, 101, attempt: 2, pid: 22);
        run.AddRecord(90, "first try", item: 0, attempt: 1, pid: 21);
        var report = run.Build(options => options with { JobLogs = [first, .. options.JobLogs] });
        Assert.Equal(["11", "21 22"], report.Lanes.Select(ProcessesOf));
    }

    [Fact]
    public void Job_logs_of_a_warm_pool_are_of_one()
    {
        run.AddItem(0, 0, 1, pid: 11);
        run.AddItem(1, 0, 1, worker: "Worker-2", pid: 22);
        var first = run.EndJobLog("first.jsonl");
        run.AddItem(0, 10, 11, pid: 12);
        run.AddItem(1, 10, 11, worker: "Worker-2", pid: 22);
        var report = run.Build(options => options with { JobLogs = [first, .. options.JobLogs] });
        Assert.Equal(["11 12", "22"], report.Lanes.Select(ProcessesOf));
    }

    [Fact]
    public void A_replaced_worker_is_one_lane_where_the_clocks_of_log_and_job_log_differ()
    {
        run.AddItem(0, 0, 10, "Crashed", pid: 11, error: "gone");
        run.AddItem(1, 11, 20, pid: 12);
        run.AddRecord(305, "of 11", pid: 11);
        run.AddRecord(312, "of 12", pid: 12);
        Assert.Equal("Worker-1: 11 12", Lanes());
    }

    [Fact]
    public void What_shows_no_process_belongs_to_the_lane_that_lived_then_and_to_none_where_several_did()
    {
        run.AddItem(0, 0, 10, pid: 11);
        run.AddItem(1, 5, 20, pid: 77);
        File.WriteAllText(run.Log, string.Concat(new[] { 1, 7, 15, 30 }.Select(second => $"{RunFiles.Begin.AddSeconds(second):yyyy-MM-dd HH:mm:ss,fff zzz} Worker-1   Information at {second}\n")));
        var report = run.Build(options => options with { Query = options.Query with { Template = "{Timestamp:yyyy-MM-dd HH:mm:ss,fff zzz} {Process,-10} {Level,-11} {Message}" } });
        Assert.Equal([0, -1, 1, 1], report.Records.Select(record => record.Lane));
    }

    private void News(double time, string message, int session = 9) => run.AddRecord(time, message, "Warning", pid: session, category: "QueueLog.Pool");

    private string Lanes() => string.Join(", ", run.Build().Lanes.Select(lane => $"{lane.Name}: {ProcessesOf(lane)}"));

    private static string ProcessesOf(ReportLane lane) => string.Join(' ', lane.Processes.Select(life => life.Pid));
}
