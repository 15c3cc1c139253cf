using System.Globalization;

namespace QueueLog.Client;

/// <summary>A record as a line for people, where there is no listener to format it.</summary>
internal static class PlainLine
{
    public static string Of(scoped in RecordDraft draft)
    {
        var message = draft.Template is not null || (draft.Arguments.IsEmpty && draft.Properties is null)
            ? draft.Message
            : RecordEncoder.RenderText(draft);
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd HH:mm:ss,fff} {ProcessContext.Identity.Name,-10} {draft.Level,-11} {message}");
        return draft.Exception is { } e ? $"{line}\n    {e.Type}: {e.Message}\n    {e.StackTrace?.ReplaceLineEndings("\n    ")}".TrimEnd() : line;
    }
}
