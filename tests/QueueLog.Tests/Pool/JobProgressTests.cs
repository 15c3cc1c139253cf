using System.Management.Automation;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Pool;

namespace QueueLog.Tests.Pool;

public sealed class JobProgressTests
{
    private readonly PSDataCollection<ProgressRecord> records = [];
    private readonly JobProgress progress;

    public JobProgressTests() => progress = new JobProgress(records);

    [Fact]
    public void Of_each_activity_only_the_newest_record_waits_for_a_reader()
    {
        Write(1, "a");
        Write(2, "b");
        Write(1, "c");
        Assert.Equal(["b", "c"], records.Select(record => record.StatusDescription));
    }

    [Fact]
    public void A_line_of_the_run_that_nobody_has_seen_needs_no_end()
    {
        Write(1, "a");
        Write(1, "end", isEnd: true);
        Assert.Empty(records);
    }

    [Fact]
    public void A_line_of_the_run_that_was_seen_is_ended()
    {
        Write(1, "a");
        records.ReadAll();
        Write(1, "b");
        Write(1, "end", isEnd: true);
        Assert.Equal(["end"], records.Select(record => record.StatusDescription));
    }

    [Fact]
    public void What_an_item_showed_is_there_for_a_late_reader()
    {
        Write(1, "a", isOfItem: true);
        Write(1, "b", isOfItem: true);
        Write(1, "end", isEnd: true, isOfItem: true);
        Assert.Equal(["b", "end"], records.Select(record => record.StatusDescription));
    }

    [Fact]
    public void However_much_is_shown_little_is_kept()
    {
        for (var i = 0; i < 100_000; i++)
        {
            Write(i, "a", isOfItem: true);
            Write(i, "end", isEnd: true, isOfItem: true);
            Assert.InRange(records.Count, 0, 200);
        }
    }

    private void Write(int id, string status, bool isEnd = false, bool isOfItem = false) =>
        progress.Write(new ProgressRecord(id, "activity", status) { RecordType = isEnd ? ProgressRecordType.Completed : ProgressRecordType.Processing }, isOfItem);
}
