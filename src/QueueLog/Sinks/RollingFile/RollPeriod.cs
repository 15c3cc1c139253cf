namespace QueueLog.Sinks.RollingFile;

/// <summary>The time whose records share a file.</summary>
/// <param name="Date">What it is called by: its beginning, as the wall clock showed it.</param>
/// <param name="End">The moment it is over, in ticks of UTC.</param>
internal readonly record struct RollPeriod(DateTime Date, long End);
