using System.Management.Automation;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Records;

namespace QueueLog.PowerShell.Engine;

/// <summary>Makes what was read from a log safe to be shown property by property, as Format-List * does.</summary>
internal static class ShownObject
{
    public static object Of(LogEntry entry)
    {
        if (entry.Exception is { } exception)
        {
            Hide(exception, (nameof(ExceptionInfo.Type), exception.Type), (nameof(ExceptionInfo.Message), exception.Message), (nameof(ExceptionInfo.StackTrace), exception.StackTrace));
        }

        return Hide(
            entry,
            (nameof(LogEntry.Message), entry.Message),
            (nameof(LogEntry.Process), entry.Process),
            (nameof(LogEntry.Worker), entry.Worker),
            (nameof(LogEntry.Category), entry.Category),
            (nameof(LogEntry.Template), entry.Template),
            (nameof(LogEntry.Caller), entry.Caller),
            (nameof(LogEntry.File), entry.File));
    }

    public static object Of(CheckResult result) => Hide(
        result,
        (nameof(CheckResult.Name), result.Name),
        (nameof(CheckResult.Note), result.Note),
        (nameof(CheckResult.Log), result.Log));

    // Only where there is something to hide: members of their own make objects slow.
    private static object Hide(object target, params ReadOnlySpan<(string Name, string? Text)> properties)
    {
        foreach (var (name, text) in properties)
        {
            if (!PrintableText.IsPrintable(text))
            {
                PSObject.AsPSObject(target).Properties.Add(new PSNoteProperty(name, new ShownText(text!)));
            }
        }

        return target;
    }
}
