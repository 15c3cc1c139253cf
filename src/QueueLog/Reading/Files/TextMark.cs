using System.Text;

namespace QueueLog.Reading.Files;

/// <summary>Which encoding a text is in, by the mark it begins with.</summary>
internal static class TextMark
{
    /// <summary>Bytes of the longest mark.</summary>
    public const int Length = 4;

    /// <summary>Null for UTF-8, with its mark or without.</summary>
    public static Encoding? Of(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };
}
