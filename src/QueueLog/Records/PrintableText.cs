using System.Buffers;
using System.Globalization;
using System.Text;

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
    public static string Of(string text)
    {
        if (IsPrintable(text))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 64);
        foreach (var c in text)
        {
            if (Hidden.Contains(c))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.ToString();
    }
}
