using Microsoft.Extensions.Time.Testing;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

public sealed class RecordLimiterTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();
    private readonly CollectingSink log = new();
    private readonly ListenerEvents own;
    private RecordLimiter limiter = null!;
    private int wakes;

    public RecordLimiterTests()
    {
        var failures = new FailureLog();
        var parts = new ListenerParts { Name = "test", Sinks = [new SinkGuard(log, "log", LogLevel.Trace, failures)] };
        own = new ListenerEvents(new BatchWriter(new ListenerOptions(), parts, new RingSources([], failures, new ClientTable()), failures, CancellationToken.None));
    }

    public void Dispose() => limiter.Dispose();

    [Fact]
    public void So_many_of_a_kind_are_taken_in_a_second_and_the_rest_is_told_when_it_is_over()
    {
        Begin(limit: 2);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(i => Takes(Templated(i, "item {Item}"))));
        Assert.True(Takes(Templated(7, "{Item} of another kind")));

        clock.Advance(Second - TimeSpan.FromTicks(1));
        limiter.EndSecond(own);
        Assert.False(Takes(Templated(8, "item {Item}")));
        Assert.Empty(log.Messages);

        clock.Advance(TimeSpan.FromTicks(1));
        limiter.EndSecond(own);
        Assert.Equal(["4 records like 'item {Item}' were left out: more than 2 came within a second"], log.Messages);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(i => Takes(Templated(i, "item {Item}"))));
        limiter.Report(own);
        limiter.Report(own);
        Assert.Equal("1 records like 'item {Item}' were left out: more than 2 came within a second", log.Messages[1]);
        Assert.Equal(2, log.Messages.Count);
    }

    [Fact]
    public void It_wakes_its_dispatcher_when_the_second_is_over_and_only_if_there_is_something_to_tell()
    {
        Begin(limit: 1);
        Takes(Text("once"));
        limiter.SetAlarm();
        clock.Advance(Second);
        Assert.Equal(0, wakes);

        limiter.EndSecond(own);
        clock.Advance(Second / 4);
        Takes(Text("twice"));
        Takes(Text("twice"));
        limiter.SetAlarm();
        clock.Advance(Second / 2);
        limiter.SetAlarm();
        Assert.Equal(0, wakes);
        clock.Advance(Second / 4);
        Assert.Equal(1, wakes);
    }

    [Theory]
    [InlineData("item 7 of 90", "item 12 of 9", true)]
    [InlineData("item 7", "item seven", false)]
    [InlineData("7", "1234567890", true)]
    [InlineData("7 ends", "8 begins", false)]
    [InlineData("a text that is longer than eight bytes", "a text that is longer than eight bytez", false)]
    [InlineData("", "1", false)]
    [InlineData("π 1 ä", "π 22 ä", true)]
    public void Texts_without_a_template_are_of_a_kind_whatever_numbers_are_in_them(string first, string second, bool isSame)
    {
        Begin(limit: 1);
        Assert.True(Takes(Text(first)));
        Assert.Equal(!isSame, Takes(Text(second)));
    }

    [Fact]
    public void A_text_and_a_template_of_the_same_letters_are_two_kinds()
    {
        Begin(limit: 1);
        Assert.True(Takes(Text("item {Item}")));
        Assert.True(Takes(Templated(1, "item {Item}")));
    }

    [Fact]
    public void By_category_all_of_a_category_are_of_a_kind()
    {
        Begin(limit: 1, LimitBy.Category);
        Assert.True(Takes(new SampleRecord { Message = "a", Category = "Db" }));
        Assert.False(Takes(new SampleRecord { Message = "b", Category = "Db", Template = "t" }));
        Assert.True(Takes(Text("a")));
        Assert.False(Takes(Text("b")));
        Assert.True(Takes(new SampleRecord { Message = "a", Category = "Web" }));
        limiter.Report(own);
        Assert.Equal(
            [
                "1 records of category 'Db' were left out: more than 1 came within a second",
                "1 records without a category were left out: more than 1 came within a second",
            ],
            log.Messages);
    }

    [Fact]
    public void What_is_important_is_never_left_out_and_takes_no_ones_place()
    {
        Begin(limit: 1, keepFrom: LogLevel.Warning);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(Takes(Some.Record("same", LogLevel.Warning))));
        Assert.True(Takes(Some.Record("same")));
        Assert.False(Takes(Some.Record("same")));
    }

    [Fact]
    public void More_kinds_than_it_counts_are_not_limited()
    {
        Begin(limit: 1);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3 * RecordLimiter.Slots; i++)
            {
                Takes(Text(Letters(i)));
            }
        }

        Assert.True(Takes(Text("one more")));
        clock.Advance(Second);
        limiter.EndSecond(own);
        Assert.InRange(log.Messages.Count, RecordLimiter.Slots / 2, RecordLimiter.Slots);
        Assert.True(Takes(Text("limited again")));
        Assert.False(Takes(Text("limited again")));
    }

    [Fact]
    public void It_costs_no_memory_for_a_record()
    {
        Begin(limit: 1);
        var record = Templated(1, "item {Item}").View;
        var text = Text("text with 3 numbers of 2 and 1").View;
        for (var i = 0; i < 10; i++)
        {
            limiter.IsTooMany(in record);
            limiter.IsTooMany(in text);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            limiter.IsTooMany(in record);
            limiter.IsTooMany(in text);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_long_example_is_cut_between_two_characters()
    {
        Begin(limit: 1);
        Takes(Text(new string('a', 199) + "ππ"));
        Takes(Text(new string('a', 199) + "ππ"));
        limiter.Report(own);
        Assert.Equal($"1 records like '{new string('a', 199)}…' were left out: more than 1 came within a second", Assert.Single(log.Messages));
    }

    private static SampleRecord Text(string message) => Some.Record(message);

    private static SampleRecord Templated(int item, string template) => new() { Message = template.Replace("{Item}", $"{item}", StringComparison.Ordinal), Template = template };

    private static string Letters(int number) => new([.. $"{number:x6}".Select(c => (char)(c < 'a' ? c + 32 : c))]);

    private bool Takes(SampleRecord record)
    {
        var view = record.View;
        return !limiter.IsTooMany(in view);
    }

    private void Begin(int limit, LimitBy by = LimitBy.Template, LogLevel keepFrom = LogLevel.Error) =>
        limiter = new RecordLimiter(new RecordLimit(limit, by, keepFrom), clock, () => wakes++);
}
