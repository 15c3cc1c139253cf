using System.Globalization;

namespace QueueLog.Workers;

/// <summary>SHA-256 of an input: what tells it from others, in this run and in the next.</summary>
internal readonly record struct InputHash(UInt128 High, UInt128 Low)
{
    public const int TextLength = 64;

    public static InputHash? Parse(ReadOnlySpan<char> text) =>
        text.Length == TextLength
        && UInt128.TryParse(text[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
        && UInt128.TryParse(text[32..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            ? new InputHash(high, low)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x32}{Low:x32}");
}
