using System.Buffers;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>The ids of a trace and of a span in it: properties <c>TraceId</c> and <c>SpanId</c>, which the compact format has as <c>@tr</c> and <c>@sp</c>.</summary>
internal static class TraceIds
{
    private const int TraceLength = 32;
    private const int SpanLength = 16;

    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>How such a property begins in the compact format; empty for any other.</summary>
    public static ReadOnlySpan<byte> NameOf(scoped in PropertyReader property) =>
        property.Kind != PropertyKind.Text ? default
        : property.Text.Length == TraceLength && property.Name.SequenceEqual("TraceId"u8) && !property.Text.ContainsAnyExcept(Hexadecimal) ? "\"@tr\":"u8
        : property.Text.Length == SpanLength && property.Name.SequenceEqual("SpanId"u8) && !property.Text.ContainsAnyExcept(Hexadecimal) ? "\"@sp\":"u8
        : default;

    /// <summary>The name of the property, by that in the compact format; empty for any other.</summary>
    public static ReadOnlySpan<byte> PropertyOf(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'@', (byte)'t', (byte)'r'] => "TraceId"u8,
        [(byte)'@', (byte)'s', (byte)'p'] => "SpanId"u8,
        _ => default,
    };
}
