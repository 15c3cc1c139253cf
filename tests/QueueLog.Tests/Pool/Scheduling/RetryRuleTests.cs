using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Tests.Pool.Scheduling;

public sealed class RetryRuleTests
{
    private static readonly RetryRule Rule = new() { Retries = 3, Delay = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData(ItemStatus.Failed, true)]
    [InlineData(ItemStatus.TimedOut, true)]
    [InlineData(ItemStatus.Crashed, true)]
    [InlineData(ItemStatus.Completed, false)]
    [InlineData(ItemStatus.Stopped, false)]
    [InlineData(ItemStatus.Skipped, false)]
    public void Only_what_failed_is_tried_again(ItemStatus status, bool expected) =>
        Assert.Equal(expected, Rule.After(Item(1), status) is not null);

    [Fact]
    public void Without_retries_nothing_is() => Assert.Null(new RetryRule().After(Item(1), ItemStatus.Failed));

    [Fact]
    public void The_pause_doubles_and_ends_with_the_retries()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Rule.After(Item(1), ItemStatus.Failed));
        Assert.Equal(TimeSpan.FromSeconds(4), Rule.After(Item(2), ItemStatus.Failed));
        Assert.Equal(TimeSpan.FromSeconds(8), Rule.After(Item(3), ItemStatus.Failed));
        Assert.Null(Rule.After(Item(4), ItemStatus.Failed));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(64)]
    [InlineData(900_000)]
    public void No_pause_is_longer_than_an_hour(int attempt) =>
        Assert.Equal(RetryRule.LongestDelay, (Rule with { Retries = int.MaxValue }).After(Item(attempt), ItemStatus.Failed));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void An_item_that_two_workers_died_of_is_left_alone(int deaths, bool expected)
    {
        var item = Item(1);
        item.Deaths = deaths;
        Assert.Equal(expected, Rule.After(item, ItemStatus.Crashed) is not null);
    }

    private static WorkItem Item(int attempt) => new(0, null, []) { Attempt = attempt };
}
