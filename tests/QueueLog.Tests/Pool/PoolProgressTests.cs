using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;

namespace QueueLog.Tests.Pool;

public sealed class PoolProgressTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<ProgressRecord> records = [];
    private readonly PoolProgress progress;
    private int taken;
    private RunProgress state = new(10, false, 0, 0, [Worker("Worker-1", "one"), Worker("Worker-2", null)]);

    public PoolProgressTests() => progress = new PoolProgress("the run", () => state, (record, _) => records.Add(record), time);

    [Fact]
    public void A_quick_run_shows_nothing()
    {
        progress.Show();
        Assert.Empty(records);
        Assert.InRange(progress.UntilDue, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(500));
        Assert.Null(progress.Complete());
        Assert.Empty(records);
    }

    [Fact]
    public void A_run_shows_what_is_done_and_its_busy_workers_with_their_items()
    {
        Pass();
        Assert.Equal(["the run: 0 items done", "  Worker-1: one", "  Worker-2: idle"], Shown());

        // A bar without a number is painted as a full one.
        Assert.All(records, record => Assert.Equal(0, record.PercentComplete));

        state = new(20, true, 5, 2, [Worker("Worker-1", "two"), Worker("Worker-2", "a\u001bb")]);
        Pass();
        Assert.Equal(["the run: 25%, 5 of 20 items, 2 failed, 10/s", "  Worker-1: two", "  Worker-2: a b"], Shown());
        Assert.Equal((25, 2), (records[^3].PercentComplete, records[^3].SecondsRemaining));
    }

    [Fact]
    public void Workers_that_start_are_counted_until_an_item_has_ended()
    {
        state = new(10, false, 0, 0, [Worker("Worker-1", null, WorkerState.Starting), Worker("Worker-2", "one"), Worker("Worker-3", null, WorkerState.Starting)]) { WorkerCount = 12 };
        progress.Total = 90;
        Pass();
        Assert.Equal(["the run: starting 2 of 12 workers for 90 items", "  Worker-1: starting", "  Worker-2: one", "  Worker-3: starting"], Shown());
    }

    [Fact]
    public void A_total_that_is_known_before_the_input_has_ended_gives_percent_and_time_left()
    {
        progress.Total = 100;
        Pass();
        state = state with { Ended = 20, Failed = 1, Retried = 3 };
        Pass();
        Assert.Equal("the run: 20%, 20 of 100 items, 1 failed, 3 retried, 40/s", Shown()[^1]);
        Assert.Equal((20, 2), (records[^1].PercentComplete, records[^1].SecondsRemaining));

        // More came than was foretold.
        state = state with { Added = 200, Ended = 150 };
        Pass();
        Assert.StartsWith("the run: 75%, 150 of 200 items,", Shown()[^1]);
    }

    [Fact]
    public void A_row_tells_how_long_its_item_has_taken()
    {
        Pass();
        state = state with { Workers = [Worker("Worker-1", "one", startedAgo: TimeSpan.FromSeconds(7.9)), Worker("Worker-2", "two", startedAgo: TimeSpan.FromSeconds(-0.4))] };
        Shown();
        Pass();
        Assert.Equal(["  Worker-1: one (8 s)", "  Worker-2: two"], Shown());
        time.Advance(TimeSpan.FromMinutes(61));
        progress.Show();
        Assert.Equal("  Worker-1: one (1:01:08)", Shown()[0]);
    }

    [Fact]
    public void A_line_tells_what_became_of_the_run()
    {
        Pass();
        state = state with { Ended = 40, Failed = 2, Retried = 1, Slowest = new SlowItem(7, "seven", TimeSpan.FromSeconds(75)) };
        time.Advance(TimeSpan.FromSeconds(19.5));
        Assert.Equal("the run: 40 items in 20 s, 2 failed, 1 retried, 2.0/s, slowest 1:15 (seven)", progress.Complete());
    }

    [Fact]
    public void It_shows_five_times_a_second_at_most_and_only_what_has_changed()
    {
        Pass();
        Shown();
        state = state with { Ended = 1 };
        time.Advance(TimeSpan.FromMilliseconds(199));
        progress.Show();
        Assert.Empty(Shown());
        time.Advance(TimeSpan.FromMilliseconds(1));
        progress.Show();
        Assert.Single(Shown());
    }

    [Fact]
    public void All_lines_are_taken_away_at_the_end()
    {
        Pass();
        progress.Apply("Worker-2", new WorkProgress { ActivityId = 1, Activity = "mine", Status = "s" });
        progress.Complete();
        var open = new HashSet<int>();
        records.ForEach(record => _ = record.RecordType == ProgressRecordType.Completed ? open.Remove(record.ActivityId) : open.Add(record.ActivityId));
        Assert.Empty(open);
    }

    [Fact]
    public void Items_of_different_workers_have_different_numbers_below_their_workers()
    {
        var one = new WorkProgress { ActivityId = 1, Activity = "one", Status = "s", Percent = 40 };
        progress.Apply("Worker-1", one);
        progress.Apply("Worker-1", one with { Percent = 50 });
        progress.Apply("Worker-1", one with { ActivityId = 2, ParentId = 1 });
        progress.Apply("Worker-2", one);
        Assert.Equal("the run, Worker-1, Worker-2, one, one, one, one", string.Join(", ", records.Select(record => record.Activity)));
        var ids = records.Select(record => record.ActivityId).ToArray();
        Assert.Equal([ids[0], ids[0], ids[1], ids[1], ids[3], ids[2]], records.Skip(1).Select(record => record.ParentActivityId));
        Assert.Equal(ids[3], ids[4]);
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Equal([40, 50], records.Skip(3).Take(2).Select(record => record.PercentComplete));
    }

    [Fact]
    public void What_an_item_leaves_open_ends_with_it_and_the_next_item_begins_anew()
    {
        var mine = new WorkProgress { ActivityId = 1, Activity = "mine", Status = "s" };
        progress.Apply("Worker-1", mine);
        var first = records[^1].ActivityId;
        progress.EndItem("Worker-1");
        Assert.Equal((first, ProgressRecordType.Completed), (records[^1].ActivityId, records[^1].RecordType));
        var count = records.Count;
        progress.EndItem("Worker-1");
        progress.Apply("Worker-1", mine with { IsCompleted = true });
        Assert.Equal(count, records.Count);
    }

    private static WorkerStatus Worker(string name, string? item, WorkerState idle = WorkerState.Idle) =>
        new() { Name = name, State = item is null ? idle : WorkerState.Busy, CurrentItem = item };

    private WorkerStatus Worker(string name, string item, TimeSpan startedAgo) =>
        new() { Name = name, State = WorkerState.Busy, CurrentItem = item, ItemStarted = time.GetUtcNow() - startedAgo };

    private void Pass()
    {
        time.Advance(TimeSpan.FromMilliseconds(500));
        progress.Show();
    }

    // What was shown since it was last asked.
    private string[] Shown()
    {
        var lines = records.Skip(taken).Select(record => $"{(record.ParentActivityId < 0 ? "" : "  ")}{record.Activity}: {record.StatusDescription}").ToArray();
        taken = records.Count;
        return lines;
    }
}
