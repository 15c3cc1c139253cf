using System.Text.Json;
using QueueLog.Pool.JobLog;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool;

public sealed class ItemLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string LogPath => folder.Combine("items.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_item_is_noted_after_it_was_handed_on_and_a_stopped_one_is_not()
    {
        using var log = Open();
        var run = new ItemScript(new CollectorOptions { Log = log });
        var seen = new List<string>();
        run.Output.Taking = line => seen.Add($"{line} {folder.ReadLines("items.json").Length}");
        for (var i = 0; i < 4; i++)
        {
            run.Expect(i, key: log.KeyOf(new WorkItem(i, i, ValueSerializer.ToBytes(i))));
        }

        run.Completes(0, "a");
        run.Fails(1, "bad");
        run.IsLost(2, ItemStatus.Stopped);
        run.Collector.Complete();
        Assert.Equal(["a 0", "error bad 1"], seen);
        Assert.Equal(["0 Completed", "1 Failed"], Lines().Select(line => $"{line.GetProperty("Index")} {line.GetProperty("Status")}"));
    }

    [Fact]
    public void An_item_whose_last_record_ended_the_pipeline_is_noted_and_one_that_had_more_to_say_is_not()
    {
        using var log = Open();
        var run = new ItemScript(new CollectorOptions { Log = log, Retries = 1 });
        run.Output.Taking = static line => throw new OperationCanceledException(line);
        run.Expect(0, key: new InputKey(default, 1));
        run.Expect(1, key: new InputKey(default, 2));
        Assert.Throws<OperationCanceledException>(() => run.Completes(0, "one", "two"));
        Assert.Throws<OperationCanceledException>(() => run.Fails(1, "the end", attempt: 2));
        Assert.Equal(1, Assert.Single(Lines()).GetProperty("Index").GetInt32());
    }

    [Fact]
    public void Values_that_JSON_knows_are_kept_and_others_are_text()
    {
        using var log = Open();
        var result = new ItemResult(0, new TimeSpan(1, 2, 3), ItemStatus.Completed)
        {
            Output = [1, 2.5m, "t\n\"\ud800", true, null, double.NaN, new object?[] { 1, "x" }, new System.Collections.Hashtable { ["k"] = 1L }, DayOfWeek.Friday, ulong.MaxValue],
        };
        Assert.Null(log.TryWrite(new InputKey(default, 1), result));
        var line = Assert.Single(Lines());
        Assert.Equal("01:02:03", line.GetProperty("Input").GetString());
        Assert.Equal("""[1,2.5,"t\n\"\uFFFD",true,null,"NaN",[1,"x"],{"k":1},"Friday",18446744073709551615]""", line.GetProperty("Output").GetRawText());
    }

    [Fact]
    public void A_value_that_throws_keeps_no_item_out_of_the_log()
    {
        using var log = Open();
        var hostile = new HostileList();
        Assert.Null(log.TryWrite(new InputKey(default, 1), new ItemResult(5, hostile, ItemStatus.Completed)));
        Assert.Equal(5, Assert.Single(Lines()).GetProperty("Index").GetInt32());
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_told_once()
    {
        var log = Open();
        log.Dispose();
        var result = new ItemResult(3, null, ItemStatus.Completed);
        var error = log.TryWrite(default, result);
        Assert.Equal("JobLogUnusable", error!.FullyQualifiedErrorId);
        Assert.Contains("Item 3 and later items", error.ToString(), StringComparison.Ordinal);
        Assert.Null(log.TryWrite(default, result));
    }

    private ItemLog Open() => new(JobLogFile.Open(LogPath, readsHistory: false), ItemLogSkips.None);

    private JsonElement[] Lines() => [.. folder.ReadLines("items.json").Select(line => JsonDocument.Parse(line).RootElement)];

    private sealed class HostileList : List<int>, System.Collections.IList
    {
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw new InvalidOperationException("hostile");
    }
}
