using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommunications.Read, "Host")]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    public object[]? Prompt { get; set; }

    protected override void EndProcessing()
    {
        if (Prompt is not null)
        {
            Host.UI.Write($"{string.Join(' ', Prompt)}: ");
        }

        WriteObject(Host.UI.ReadLine());
    }
}
