using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>The names of the levels as text output shows them.</summary>
internal static class LevelNames
{
    private const string Upper = "u3";
    private const string Lower = "w3";

    private static readonly string[] Short = ["TRC", "DBG", "INF", "WRN", "ERR", "CRI"];

    public static bool AcceptsFormat(string format) => format is Upper or Lower;

    public static string Get(LogLevel level, string? format) => format switch
    {
        Upper => Short[(int)level],
        Lower => Short[(int)level].ToLowerInvariant(),
        _ => level.ToString(),
    };
}
