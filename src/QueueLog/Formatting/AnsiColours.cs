using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>Colours as ANSI sequences.</summary>
internal static class AnsiColours
{
    public static ReadOnlySpan<byte> Reset => "\u001b[0m"u8;

    /// <summary>Of what is read last, such as the time.</summary>
    public static ReadOnlySpan<byte> Dim => "\u001b[90m"u8;

    /// <summary>Of a value within a message.</summary>
    public static ReadOnlySpan<byte> Value => "\u001b[36m"u8;

    /// <summary>What to write before an entry of that level; empty for the terminal's own colour.</summary>
    public static ReadOnlySpan<byte> For(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => Dim,
        LogLevel.Warning => "\u001b[33m"u8,
        LogLevel.Error => "\u001b[31m"u8,
        LogLevel.Critical => "\u001b[1;31m"u8,
        _ => default,
    };

    /// <summary>The name of a level in its colour.</summary>
    public static byte[] Of(LogLevel level, ReadOnlySpan<byte> name) => [.. For(level).IsEmpty ? "\u001b[32m"u8 : For(level), .. name, .. Reset];
}
