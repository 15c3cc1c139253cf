using System.Text.RegularExpressions;

namespace QueueLog.HelpWriter;

/// <summary>Takes the inline markup out of a paragraph: a console shows neither code spans nor links.</summary>
internal static partial class PlainText
{
    public static string Of(string markdown)
    {
        var text = Link().Replace(markdown, link => Address().IsMatch(link.Groups["target"].Value)
            ? $"{link.Groups["text"].Value} ({link.Groups["target"].Value})"
            : link.Groups["text"].Value);
        text = Strong().Replace(text, "${text}");
        return text.Replace("`", "", StringComparison.Ordinal);
    }

    public static bool IsAddress(string target) => Address().IsMatch(target);

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<target>[^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*(?<text>[^*]+)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex("^https?://")]
    private static partial Regex Address();
}
