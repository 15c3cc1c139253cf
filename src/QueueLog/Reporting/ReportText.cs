using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace QueueLog.Reporting;

/// <summary>Texts of a run, as long as a page can show them.</summary>
internal static class ReportText
{
    public const int LongestMessage = 4000;
    public const int LongestInput = 500;
    public const int LongestExample = 1000;
    public const int Shortest = 24;
    public const int LongestShape = 300;
    public const int LongestName = 200;

    /// <summary>Writes whatever could end or begin markup or script as a JSON escape: &lt; and &gt; and &amp;, quotation marks, U+2028.</summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>How many bytes a text takes in a page.</summary>
    public static int SizeOf(string text) => text.Length == 0 ? 0 : JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes.Length;

    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return most <= Shortest ? $"{text.AsSpan(0, end)}…" : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length - end:N0} more characters)");
    }

    public static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
