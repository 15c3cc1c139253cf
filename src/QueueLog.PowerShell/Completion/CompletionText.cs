using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Completion;

/// <summary>Texts as they are put into a command line.</summary>
internal static class CompletionText
{
    /// <summary>Whether a text goes on with what was typed, with a quotation mark before it or not.</summary>
    public static bool Fits(string text, string word) => text.StartsWith(word.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase);

    public static CompletionResult Result(string text, string tip) => new(QuoteIfNeeded(text), text, CompletionResultType.ParameterValue, tip);

    public static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>A text that needs no quotes has none.</summary>
    public static string QuoteIfNeeded(string text) => text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/') && text.Length > 0 && text[0] != '-' ? text : Quote(text);
}
