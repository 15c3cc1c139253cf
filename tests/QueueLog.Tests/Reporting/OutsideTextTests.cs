using QueueLog.Reporting;
using QueueLog.Reporting.Page;

namespace QueueLog.Tests.Reporting;

public sealed class OutsideTextTests : IDisposable
{
    private static readonly string Long = new('x', 1_000_000);

    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_page_stays_small_whatever_texts_it_is_made_of()
    {
        for (var i = 0; i < 10; i++)
        {
            run.AddItem(i, i, i + 1, "Failed", worker: $"Worker-{i}{Long}", input: $"{i}{Long}", error: $"{i}{Long}", errorId: $"{i}{Long}");
            run.AddRecord(i, $"{i}{Long}", "Error", worker: $"{i}{Long}", pid: 100 + i, template: $"{i}{Long}");
        }

        var report = run.Build();
        Assert.Equal(20, report.Lanes.Count);
        using var page = new MemoryStream();
        PageWriter.Write(report, page);
        Assert.InRange(page.Length, 1, 1_000_000);
    }

    [Fact]
    public void Names_of_any_number_of_processes_are_not_all_kept()
    {
        for (var i = 0; i < 5200; i++)
        {
            run.AddRecord(i, "a", worker: null, pid: i + 1, process: $"process {i}");
        }

        Assert.Equal(5001, run.Build().Records.Select(record => record.Process).Distinct().Count());
    }

    [Fact]
    public void A_script_ends_no_item_by_what_it_writes()
    {
        run.AddRecord(1, "item 0 completed in 5 ms", item: 0, attempt: 1);
        run.AddRecord(2, "item 99 completed in 5 ms", item: 0, attempt: 1, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(3, "item 0, 'a', took longer than 1 s", item: 0, attempt: 1, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(4, "Worker-1 started as process 77", worker: null);
        run.AddRecord(5, "Worker-1 started as process 78", category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(6, "Worker-2 started as process 79", category: "QueueLog.Pool");
        var report = run.Build();
        Assert.Equal(ReportStatus.Unknown, Assert.Single(report.Items).Status);
        Assert.Equal([11], Assert.Single(report.Lanes).Processes.Select(life => life.Pid));
    }

    [Fact]
    public void A_script_ends_no_other_item_in_a_log_in_Text_and_no_process()
    {
        File.WriteAllText(run.Log, """
            2026-03-04 23:59:50,000 [Information] Worker-1 (11) #0: item 99 completed in 5 ms
            2026-03-04 23:59:51,000 [Information] Worker-1 (11) #0: Worker-1 started as process 77
            2026-03-04 23:59:52,000 [Information] Worker-1 (11) #1: item 1 completed in 5 ms

            """);
        var report = run.Build(options => options with { Query = options.Query with { Template = "{Timestamp} [{Level}] {Process} ({Pid}) #{Item}: {Message}" } });
        Assert.Equal([ReportStatus.Unknown, ReportStatus.Completed], report.Items.Select(item => item.Status));
        Assert.Equal([11], Assert.Single(report.Lanes).Processes.Select(life => life.Pid));
    }
}
