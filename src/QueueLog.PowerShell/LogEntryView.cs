using System.ComponentModel;
using QueueLog.Reading;

namespace QueueLog.PowerShell;

/// <summary>What the format view of entries calls.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LogEntryView
{
    /// <summary>The entry as text. The engine takes colours out again where its $PSStyle.OutputRendering wants none.</summary>
    public static string Format(LogEntry entry) =>
        EntryText.Of(entry, colour: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
}
