using QueueLog.Records;

namespace QueueLog.Sinks;

/// <summary>How a console shows records.</summary>
internal sealed record ConsoleSinkOptions
{
    /// <summary>The least level shown. Default: all.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Trace;

    /// <summary>Colours by level. Default: none; see <see cref="ConsoleColours.AreWanted()"/>.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether the streams of the session are shown on the same screen: what they show is left out here. Default: no.</summary>
    public bool SharesScreen { get; init; }

    /// <summary>How long a full buffer waits for the console to take some of it, once: then records are left out until it has caught up. Default: 250 ms.</summary>
    // A reader who is merely slower than the records must lose none, and while the system is busy nobody reads for a moment.
    public TimeSpan RoomTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long closing waits for the console to take what is left. Default: 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
