namespace QueueLog.Tests.Support;

/// <summary>Knows how many have ever written to it at once.</summary>
internal sealed class CountingStream : MemoryStream
{
    private int writing;

    public int MostAtOnce { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref writing));
        Thread.Yield();
        Interlocked.Decrement(ref writing);
    }
}
