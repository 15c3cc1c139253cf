namespace QueueLog.Journal;

/// <summary>A ring whose head a batch moves.</summary>
internal readonly record struct RingAdvance(long Id, long Head, long Sequence);
