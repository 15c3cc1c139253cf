using QueueLog.Records;

namespace QueueLog.Sinks;

/// <summary>How a console shows records.</summary>
internal sealed record ConsoleSinkOptions
{
    /// <summary>The least level shown. Default: all.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Trace;

    /// <summary>Colours by level. Default: none; see <see cref="ConsoleColours.AreWanted()"/>.</summary>
    public bool Colour { get; init; }
}
