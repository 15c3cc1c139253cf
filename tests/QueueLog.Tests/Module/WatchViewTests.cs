using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool;
using QueueLog.PowerShell.Watch;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

public sealed partial class WatchViewTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 60)]
    [InlineData(30, 10)]
    [InlineData(20, 5)]
    public void The_lines_fill_the_screen_and_no_more(int width, int height)
    {
        var pool = new WatchedPool(time);
        pool.Update([Status(ended: 40, total: 100, workers: 50)]);
        foreach (var hasColors in new[] { false, true })
        {
            var lines = new WatchView(hasColors).Lines(pool, new WatchedLog(), new WatchState { Chosen = 49 }, width, height);
            Assert.True(lines.Count == height || height < 10, $"{lines.Count} lines");
            Assert.All(lines, line => Assert.InRange(Escapes().Replace(line, "").Length, 0, width));
            Assert.Equal(hasColors, lines.Any(line => line.Contains('\e')));
        }
    }

    [Fact]
    public void The_chosen_worker_is_on_the_screen()
    {
        var pool = new WatchedPool(time);
        pool.Update([Status(ended: 40, total: 100, workers: 50)]);
        foreach (var chosen in new[] { 0, 25, 49 })
        {
            var lines = new WatchView(hasColors: false).Lines(pool, new WatchedLog(), new WatchState { Chosen = chosen }, 80, 24);
            Assert.Single(lines, line => line.StartsWith($"> Worker-{chosen + 1} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void How_far_a_run_is_how_fast_and_how_long_it_takes_is_told()
    {
        var pool = new WatchedPool(time);
        pool.Update([Status(ended: 0, total: 100)]);
        pool.Update([Status(ended: 1, total: 100)]);
        time.Advance(TimeSpan.FromSeconds(5));
        pool.Update([Status(ended: 51, total: 100)]);
        Assert.Contains("51 of 100 items (51 %), 0 failed, 0 retried, 10 items/s, 0:04 left, 1 of 1 workers busy", WatchView.Line(pool), StringComparison.Ordinal);
        pool.Update([]);
        Assert.Contains("gone since", WatchView.Line(pool), StringComparison.Ordinal);
        Assert.DoesNotContain("left", WatchView.Line(pool), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_shown_can_move_the_cursor_or_change_the_colours()
    {
        var pool = new WatchedPool(time);
        pool.Update([Status(ended: 1, total: null, input: "a\e[2Jb\r\n\u0085c\u202ed")]);
        var lines = new WatchView(hasColors: false).Lines(pool, new WatchedLog(), new WatchState(), 120, 30);
        Assert.All(lines, line => Assert.DoesNotContain(line, static character => char.IsControl(character) || character == '\u202e'));
        Assert.Single(lines, line => line.TrimEnd().EndsWith("a·[2Jb···c·d", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc", 5, "abc  ")]
    [InlineData("abcdef", 3, "abc")]
    [InlineData("日本語", 5, "日本 ")]
    [InlineData("e\u0301a", 2, "e\u0301a")]
    [InlineData("", 2, "  ")]
    public void A_text_has_the_width_of_its_cells(string text, int width, string expected) => Assert.Equal(expected, CellText.Fit(text, width));

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Escapes();

    private PoolStatus Status(long ended, long? total, int workers = 1, string input = "input") => new()
    {
        Name = "night",
        Pid = 5,
        Count = workers,
        State = "Running",
        ItemsEnded = ended,
        ItemsTotal = total,
        Started = time.GetUtcNow().Date,
        RunStarted = time.GetUtcNow().Date,
        LastFailures = [new FailedItem { Index = 3, Input = input, Status = ItemStatus.Failed, Worker = "Worker-1" }],
        Workers = [.. Enumerable.Range(1, workers).Select(number => new WorkerStatus { Name = $"Worker-{number}", Pid = -1, State = WorkerState.Busy, CurrentItem = input, ItemIndex = number })],
    };
}
