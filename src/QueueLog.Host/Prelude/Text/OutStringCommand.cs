using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsData.Out, "String")]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringWriter _text = new();

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        FormattingEngine.WriteTo(this, _text, Width);
        base.BeginProcessing();
    }

    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        if (Stream)
        {
            GiveLines();
        }
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (Stream)
        {
            GiveLines();
        }
        else
        {
            var text = _text.ToString();
            WriteObject(NoNewline ? text.ReplaceLineEndings(string.Empty) : text);
        }
    }

    private void GiveLines()
    {
        var text = _text.ToString();
        _text.GetStringBuilder().Clear();
        if (text.Length > 0)
        {
            WriteObject(text.TrimEnd('\n').TrimEnd('\r').Split(Environment.NewLine), enumerateCollection: true);
        }
    }
}
