using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Set, "Variable")]
public sealed class SetVariableCommand : VariableCommand
{
    private readonly List<object?> _values = [];

    [Parameter(Position = 0, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public ScopedItemOptions? Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => _values.Add(Value);

    protected override void EndProcessing()
    {
        var value = _values.Count == 1 ? _values[0] : _values.ToArray();
        foreach (var name in Name)
        {
            SessionState.PSVariable.Set(InScope(name), value);
            var variable = SessionState.PSVariable.Get(InScope(name));
            variable.Options = Option ?? variable.Options;
            if (PassThru)
            {
                WriteObject(variable);
            }
        }
    }
}
