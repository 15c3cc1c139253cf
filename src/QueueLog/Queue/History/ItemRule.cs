using QueueLog.Pool.Scheduling;
using QueueLog.Records;

namespace QueueLog.Queue.History;

/// <summary>What becomes of an item behind an attempt.</summary>
internal static class ItemRule
{
    /// <summary>The end of an attempt has come.</summary>
    /// <param name="item">The attempt.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="rule">Which items are tried again; null where none is, since the run is halted.</param>
    /// <param name="wasBegun">Whether it is known that it was begun: if not, nothing died of it.</param>
    public static ItemFate AfterEnd(OfferedItem item, ItemStatus status, RetryRule? rule, bool wasBegun = true)
    {
        var deaths = item.Deaths + (status == ItemStatus.Crashed && wasBegun ? 1 : 0);
        var delay = rule?.After(new WorkItem(item.Index, null, []) { Attempt = item.Attempt, Deaths = deaths }, status);
        return new ItemFate(delay is null ? ItemNext.End : ItemNext.TryAgain, status, deaths, delay ?? TimeSpan.Zero);
    }

    /// <summary>The chunk has ended, and the end of an attempt has not come.</summary>
    /// <param name="item">The attempt.</param>
    /// <param name="reason">Why the chunk ended.</param>
    /// <param name="isAlone">Whether the chunk has no other item. A host claims such a chunk when it begins it; of several items it is not known which it had begun.</param>
    /// <param name="rule">As above.</param>
    public static ItemFate WithoutEnd(OfferedItem item, EndReason reason, bool isAlone, RetryRule? rule) =>
        reason == EndReason.Lost ? AfterEnd(item, ItemStatus.Crashed, rule, isAlone)
        : rule is null ? new ItemFate(ItemNext.End, ItemStatus.Skipped, item.Deaths, TimeSpan.Zero)
        : new ItemFate(ItemNext.Offer, ItemStatus.Skipped, item.Deaths, TimeSpan.Zero);
}

/// <param name="Next">What is done with the item.</param>
/// <param name="Status">How the attempt ended.</param>
/// <param name="Deaths">Workers and hosts that died of the item, this time included.</param>
/// <param name="Delay">The pause before the next attempt.</param>
internal readonly record struct ItemFate(ItemNext Next, ItemStatus Status, int Deaths, TimeSpan Delay);

/// <summary>What is done with an item behind an attempt.</summary>
internal enum ItemNext
{
    /// <summary>Nothing: this was the last.</summary>
    End,

    /// <summary>It is offered again, as the next attempt.</summary>
    TryAgain,

    /// <summary>It is offered again, as the same attempt: it was not begun.</summary>
    Offer,
}
