using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

/// <summary>A command on variables of the caller's scope, or of a named one.</summary>
public abstract class VariableCommand : PSCmdlet
{
    /// <summary>Global, Script or Local. Scopes by number are not known to the embedded engine.</summary>
    [Parameter]
    [ValidateSet("Global", "Script", "Local", "Private")]
    public string? Scope { get; set; }

    protected string InScope(string name) => Scope is null ? name : $"{Scope}:{name}";
}
