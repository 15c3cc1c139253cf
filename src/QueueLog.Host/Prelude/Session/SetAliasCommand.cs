using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Set, "Alias")]
public sealed class SetAliasCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true)]
    public string Value { get; set; } = string.Empty;

    /// <summary>Accepted so that scripts that say Global or Script run; the alias lives in the scope of the caller.</summary>
    [Parameter]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => InvokeProvider.Item.Set([$"alias:{Name}"], Value, Force, literalPath: true);
}
