namespace QueueLog.Pool.Child;

/// <summary>
/// The item under way as both threads see it: the pool's reader may claim it for a stop, and then its end is not the main thread's
/// alone any more.
/// </summary>
internal sealed class ItemClaim
{
    private const long NoItem = -1;
    private const long Claimed = -2;

    private long item = NoItem;

    public bool IsClaimed => Volatile.Read(ref item) == Claimed;

    public void Begin(long index) => Volatile.Write(ref item, index);

    /// <returns>False when the item was claimed.</returns>
    public bool TryEnd(long index) => Interlocked.CompareExchange(ref item, NoItem, index) == index;

    /// <summary>Forgets the item, claimed or not.</summary>
    public void Discard() => Volatile.Write(ref item, NoItem);

    /// <returns>False when it is not under way any more.</returns>
    public bool TryClaim(long index) => Interlocked.CompareExchange(ref item, Claimed, index) == index;
}
