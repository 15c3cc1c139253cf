using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.PowerShell.Engine;

/// <summary>A text from a log that would steer a terminal. Scripts get the text itself, and the engine shows it with escapes.</summary>
// The engine's views ask for the text by this method; its operators, conversions and bindings take the string that is wrapped.
internal sealed class ShownText(string text) : PSObject(text)
{
    public static object? Of(object? value) => value is string text && !PrintableText.IsPrintable(text) ? new ShownText(text) : value;

    public override string ToString() => PrintableText.Of(text.ReplaceLineEndings("\n"));
}
