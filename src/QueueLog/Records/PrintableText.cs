using System.Buffers;
using System.Globalization;

namespace QueueLog.Records;

/// <summary>How a text is shown, so that it can neither steer a terminal nor change the order in which its characters stand.</summary>
internal static class PrintableText
{
    /// <summary>Line feeds and tabs are shown as they are; the bidirectional controls of Unicode are not.</summary>
    private static readonly SearchValues<char> Hidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(value => (char)value).Where(c => char.IsControl(c) && c is not ('\n' or '\t')),
         '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069']);

    public static bool IsPrintable(ReadOnlySpan<char> text) => !text.ContainsAny(Hidden);

    /// <summary>The text with escapes, such as <c>\u001b</c>, for what must not be shown.</summary>
    public static string Of(string text) => IsPrintable(text)
        ? text
        : string.Concat(text.Select(c => Hidden.Contains(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()));
}
