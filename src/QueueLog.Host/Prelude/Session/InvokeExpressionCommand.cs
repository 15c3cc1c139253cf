using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Command { get; set; } = string.Empty;

    protected override void ProcessRecord() => WriteObject(
        InvokeCommand.InvokeScript(useLocalScope: false, InvokeCommand.NewScriptBlock(Command), input: null, args: null),
        enumerateCollection: true);
}
