using System.Collections;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Streams;

/// <summary>An information record with the tag that hosts show, so that redirection and workers see it too.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage
        {
            Message = Text(Object),
            NoNewLine = NoNewline,
            ForegroundColor = ForegroundColor,
            BackgroundColor = BackgroundColor,
        };
        WriteInformation(message, ["PSHOST"]);
    }

    private string Text(object? value) => value switch
    {
        null => string.Empty,
        PSObject { BaseObject: var inner } wrapped when inner is string or IEnumerable => Text(wrapped.BaseObject),
        string text => text,
        IEnumerable many => string.Join(Separator.ToString(), many.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? string.Empty,
    };
}
