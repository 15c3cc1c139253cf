using QueueLog.Records;

namespace QueueLog.Listener;

/// <summary>What is to be otherwise from now on; what is null stays as it is.</summary>
internal sealed record ListenerChange
{
    /// <summary>Level of the sinks that have none of their own.</summary>
    public LogLevel? MinimumLevel { get; init; }

    /// <summary>Level of the console, its own from then on.</summary>
    public LogLevel? ConsoleMinimumLevel { get; init; }

    /// <summary>Most records of a kind in a second, 0 for no limit.</summary>
    public int? Limit { get; init; }

    /// <summary>What a kind is.</summary>
    public LimitBy? LimitBy { get; init; }

    /// <summary>The lowest level that is not limited.</summary>
    public LogLevel? LimitLevel { get; init; }

    public RecordLimit ApplyTo(RecordLimit limit) => new(Limit ?? limit.PerSecond, LimitBy ?? limit.By, LimitLevel ?? limit.LimitLevel);
}
