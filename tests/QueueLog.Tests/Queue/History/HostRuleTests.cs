using QueueLog.Pool.Scheduling;
using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Tests.Queue.History;

public sealed class HostRuleTests
{
    private static readonly OfferedItem Item = new(0, 1, 0, 0);
    private readonly ChunkHistory history = new();
    private long sequence;

    [Fact]
    public void A_claim_is_had_by_whoever_the_history_names()
    {
        Apply(new ChunkOffer("s", [Item]), new ChunkClaim("h", "1", 5));
        Assert.True(HostRule.IsClaimed(history, 5));
        Assert.False(HostRule.IsClaimed(history, 6));
        Apply(new ChunkEnd(5, EndReason.Done, Report.Empty));
        Assert.False(HostRule.IsClaimed(history, 5));
    }

    [Fact]
    public void Results_of_a_fenced_host_are_given_up()
    {
        Apply(new ChunkOffer("s", [Item]), new ChunkClaim("h", "1", 5));
        Assert.Equal(RefusalAction.Repeat, HostRule.OnRefused(history, 5));
        Assert.Equal(RefusalAction.GiveUp, HostRule.OnRefused(history, 6));
        Apply(new ChunkEnd(0, EndReason.Lost, Report.Empty));
        Assert.Equal(RefusalAction.GiveUp, HostRule.OnRefused(history, 5));
    }

    [Fact]
    public void A_claim_that_the_server_forgot_is_made_again_as_long_as_there_is_the_offer()
    {
        Assert.Equal(RefusalAction.GiveUp, HostRule.OnRefused(history, 5));
        Apply(new ChunkOffer("s", [Item]));
        Assert.Equal(RefusalAction.ClaimAgain, HostRule.OnRefused(history, 5));
    }

    [Fact]
    public void What_names_another_claim_does_not_count()
    {
        Apply(new ChunkOffer("s", [Item]), new ChunkClaim("h", "1", 5));
        Assert.False(history.Apply(9, new ChunkResults(6, Report.Empty)));
        Assert.False(history.Apply(10, new ChunkEnd(6, EndReason.Done, Report.Empty)));
        Assert.False(history.Apply(11, new ChunkEnd(0, EndReason.TakenBack, Report.Empty)));
        Assert.Null(history.End);
    }

    [Fact]
    public void Behind_the_end_nothing_counts()
    {
        Apply(new ChunkOffer("s", [Item]), new ChunkClaim("h", "1", 5), new ChunkEnd(0, EndReason.Lost, Report.Empty));
        Assert.False(history.Apply(9, new ChunkResults(5, Report.Empty)));
        Assert.False(history.Apply(10, new ChunkEnd(5, EndReason.Done, Report.Empty)));
        Assert.False(history.Apply(11, new ChunkClaim("h", "2", 6)));
        Assert.Equal((EndReason.Lost, 5L), (history.End!.Value, history.Claim!.Nonce));
    }

    [Theory]
    [InlineData(ItemStatus.Completed, 0, 2, ItemNext.End)]
    [InlineData(ItemStatus.Failed, 0, 0, ItemNext.End)]
    [InlineData(ItemStatus.Failed, 0, 1, ItemNext.TryAgain)]
    [InlineData(ItemStatus.TimedOut, 0, 1, ItemNext.TryAgain)]
    [InlineData(ItemStatus.Stopped, 0, 1, ItemNext.End)]
    [InlineData(ItemStatus.Crashed, 0, 1, ItemNext.TryAgain)]
    [InlineData(ItemStatus.Crashed, 1, 1, ItemNext.End)]
    public void An_attempt_is_followed_by_another_as_the_rule_allows(ItemStatus status, int deaths, int retries, object next) =>
        Assert.Equal(next, ItemRule.AfterEnd(Item with { Deaths = deaths }, status, new RetryRule { Retries = retries }).Next);

    [Fact]
    public void An_item_without_an_end_has_crashed_where_its_host_was_lost_and_was_not_begun_elsewhere()
    {
        var rule = new RetryRule();
        Assert.Equal((ItemNext.End, ItemStatus.Crashed), Of(EndReason.Lost, rule));
        Assert.Equal(ItemNext.TryAgain, Of(EndReason.Lost, new RetryRule { Retries = 1 }).Next);
        Assert.Equal(ItemNext.Offer, Of(EndReason.Returned, rule).Next);
        Assert.Equal(ItemNext.Offer, Of(EndReason.TakenBack, rule).Next);
        Assert.Equal((ItemNext.End, ItemStatus.Skipped), Of(EndReason.Done, null));
    }

    // A host claims what is alone when it begins it. Of several in one chunk nobody knows which it had begun.
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_lost_host_is_blamed_on_an_item_that_it_had_begun_and_on_no_other(bool isAlone, int deaths) =>
        Assert.Equal((ItemNext.TryAgain, deaths), ItemRule.WithoutEnd(Item, EndReason.Lost, isAlone, new RetryRule { Retries = 1 }) is var fate ? (fate.Next, fate.Deaths) : default);

    private static (ItemNext Next, ItemStatus Status) Of(EndReason reason, RetryRule? rule) => ItemRule.WithoutEnd(Item, reason, isAlone: true, rule) is var fate ? (fate.Next, fate.Status) : default;

    private void Apply(params HistoryEvent[] messages) => Array.ForEach(messages, message => Assert.True(history.Apply(++sequence, message)));
}
