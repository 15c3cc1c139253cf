using QueueLog.Records;

namespace QueueLog.Sinks;

/// <summary>The colours of the levels, as ANSI sequences, and whether standard error wants them.</summary>
internal static class ConsoleColours
{
    public static ReadOnlySpan<byte> Reset => "\u001b[0m"u8;

    /// <summary>What to write before an entry of that level; empty for the terminal's own colour.</summary>
    public static ReadOnlySpan<byte> For(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "\u001b[90m"u8,
        LogLevel.Warning => "\u001b[33m"u8,
        LogLevel.Error => "\u001b[31m"u8,
        LogLevel.Critical => "\u001b[1;31m"u8,
        _ => default,
    };

    public static bool AreWanted() => AreWanted(
        Console.IsErrorRedirected,
        Environment.GetEnvironmentVariable("NO_COLOR"),
        Environment.GetEnvironmentVariable("TERM"));

    /// <summary>On a terminal, unless NO_COLOR (no-color.org) says no or TERM says that it cannot.</summary>
    public static bool AreWanted(bool isRedirected, string? noColor, string? term) =>
        !isRedirected && string.IsNullOrEmpty(noColor) && term != "dumb";
}
