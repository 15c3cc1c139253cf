using System.Text;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>The levels by the names that our formats and those of other programs give them.</summary>
internal static class LevelReader
{
    public static bool TryRead(ReadOnlySpan<byte> name, out LogLevel level)
    {
        level = LogLevel.Information;
        Span<byte> lower = stackalloc byte[16];
        if (name.Length > lower.Length || Ascii.ToLower(name, lower, out var length) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return Find(lower[..length], out level);
    }

    private static bool Find(ReadOnlySpan<byte> name, out LogLevel level)
    {
        LogLevel? found = name switch
        {
            _ when Is(name, "information"u8, "info"u8, "inf"u8) => LogLevel.Information,
            _ when Is(name, "warning"u8, "warn"u8, "wrn"u8) => LogLevel.Warning,
            _ when Is(name, "error"u8, "err"u8, "eror"u8) => LogLevel.Error,
            _ when Is(name, "debug"u8, "dbg"u8, "dbug"u8) => LogLevel.Debug,
            _ when Is(name, "trace"u8, "trc"u8, "verbose"u8) || Is(name, "vrb"u8, "trce"u8, "trace"u8) => LogLevel.Trace,
            _ when Is(name, "critical"u8, "cri"u8, "crit"u8) || Is(name, "fatal"u8, "ftl"u8, "fatal"u8) => LogLevel.Critical,
            _ => null,
        };
        level = found ?? LogLevel.Information;
        return found is not null;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        name.SequenceEqual(first) || name.SequenceEqual(second) || name.SequenceEqual(third);
}
