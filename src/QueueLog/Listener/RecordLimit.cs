using QueueLog.Records;

namespace QueueLog.Listener;

/// <summary>How many records of a kind are written.</summary>
/// <param name="PerSecond">Most of one kind in a second; 0 for no limit.</param>
/// <param name="By">What a kind is.</param>
/// <param name="KeepFrom">The lowest level that is not limited.</param>
internal sealed record RecordLimit(int PerSecond, LimitBy By, LogLevel KeepFrom)
{
    public static readonly RecordLimit None = new(0, LimitBy.Template, LogLevel.Error);
}
