namespace QueueLog.Sinks;

/// <summary>Whether standard error wants colours.</summary>
internal static class ConsoleColours
{
    public static bool AreWanted() => AreWanted(
        Console.IsErrorRedirected,
        Environment.GetEnvironmentVariable("NO_COLOR"),
        Environment.GetEnvironmentVariable("TERM"));

    /// <summary>On a terminal, unless NO_COLOR (no-color.org) says no or TERM says that it cannot.</summary>
    public static bool AreWanted(bool isRedirected, string? noColor, string? term) =>
        !isRedirected && string.IsNullOrEmpty(noColor) && term != "dumb";
}
