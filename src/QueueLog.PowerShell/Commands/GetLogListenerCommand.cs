using System.Management.Automation;
using QueueLog.Listener;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Commands;

/// <summary>Gives the running listeners of this session, with state and counts per client.</summary>
[Cmdlet(VerbsCommon.Get, "LogListener")]
[OutputType(typeof(LogListener))]
public sealed class GetLogListenerCommand : PSCmdlet
{
    /// <summary>Names; wildcards are allowed. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ListenerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Gives the listeners.</summary>
    protected override void ProcessRecord()
    {
        foreach (var name in Name ?? ["*"])
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var found = Array.FindAll(ModuleState.Running, listener => pattern.IsMatch(listener.Name));
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(LogErrors.ListenerNotFound(name));
            }

            Views.Load();
            WriteObject(found, enumerateCollection: true);
        }
    }
}
