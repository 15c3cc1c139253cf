using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Get, "Variable")]
public sealed class GetVariableCommand : VariableCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = WildcardPattern.ContainsWildcardCharacters(name) ? Matching(name) : Named(name);
            foreach (var variable in found)
            {
                WriteObject(ValueOnly ? variable.Value : variable);
            }
        }
    }

    private IEnumerable<PSVariable> Matching(string pattern) => InvokeProvider.ChildItem.Get($"variable:{pattern}", recurse: false)
        .Select(found => found.BaseObject).OfType<PSVariable>();

    private IEnumerable<PSVariable> Named(string name)
    {
        if (SessionState.PSVariable.Get(InScope(name)) is { } variable)
        {
            return [variable];
        }

        WriteError(new ErrorRecord(
            new ItemNotFoundException($"Cannot find a variable with the name '{name}'."),
            "VariableNotFound",
            ErrorCategory.ObjectNotFound,
            name));
        return [];
    }
}
