namespace QueueLog.Formatting;

/// <summary>Texts that a spreadsheet takes for a formula, and would run. In Csv they begin with an apostrophe, by which it takes them for texts.</summary>
internal static class FormulaText
{
    public const byte Mark = (byte)'\'';

    /// <summary>Whether it is one, or one that has the mark already: so that each is read back as it was.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) =>
        text is [(byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or Mark, ..] && text.TrimStart(Mark) is [(byte)'=' or (byte)'+' or (byte)'-' or (byte)'@', ..];

    /// <summary>The text as it was.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text is [Mark, ..] && IsOne(text) ? text[1..] : text;
}
