namespace QueueLog.Tests.Support;

/// <summary>The system's clock, and its timers, except that a test puts it forward.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long shift;

    public void Forward(TimeSpan time) => Interlocked.Add(ref shift, (long)(time.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref shift);
}
