using QueueLog.Records;

namespace QueueLog.Sinks;

/// <summary>What a listener knows of one of its sinks.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Kind">What it is.</param>
/// <param name="MinimumLevel">The least level it is given.</param>
/// <param name="Taken">Records of that level.</param>
/// <param name="Written">Those it has written.</param>
/// <param name="Filtered">Those its filter did not want.</param>
/// <param name="LeftOut">Those it will not write: there was no room while it was behind, or it failed.</param>
/// <param name="Failures">How often it failed.</param>
/// <param name="IsBehind">Whether it takes nothing at present.</param>
public sealed record SinkStatistics(string Name, SinkKind Kind, LogLevel MinimumLevel, long Taken, long Written, long Filtered, long LeftOut, long Failures, bool IsBehind);
