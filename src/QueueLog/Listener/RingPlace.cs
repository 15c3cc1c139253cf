namespace QueueLog.Listener;

/// <summary>A place in a ring: its position, and the number of the record before it.</summary>
internal readonly record struct RingPlace(long Position, long Sequence);
