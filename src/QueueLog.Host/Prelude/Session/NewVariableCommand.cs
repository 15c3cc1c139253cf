using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.New, "Variable")]
public sealed class NewVariableCommand : VariableCommand
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        // Only the variable of this very scope counts: one of an outer scope may be hidden.
        if (!Force && SessionState.PSVariable.Get($"{Scope ?? "local"}:{Name}") is not null)
        {
            WriteError(new ErrorRecord(
                new SessionStateException($"A variable with name '{Name}' already exists."),
                "VariableAlreadyExists",
                ErrorCategory.ResourceExists,
                Name));
            return;
        }

        SessionState.PSVariable.Set($"{Scope ?? "local"}:{Name}", Value);
        var variable = SessionState.PSVariable.Get($"{Scope ?? "local"}:{Name}");
        variable.Options = Option;
        if (PassThru)
        {
            WriteObject(variable);
        }
    }
}
