using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Commands;

/// <summary>Shows the pools of this session, or of all sessions of the user, and what each of their workers is doing.</summary>
[Cmdlet(VerbsCommon.Get, "WorkerPool")]
[OutputType(typeof(PoolStatus))]
public sealed class GetWorkerPoolCommand : QueueLogCommand
{
    /// <summary>Names of pools; wildcards are allowed. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [PoolNames]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The pools of the user's other processes, too. Their inputs are given as texts.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!All)
        {
            foreach (var pool in PoolArgument.Find(this, Name))
            {
                Write(pool.GetStatus());
            }

            return;
        }

        var others = Wait(new ValueTask<PoolStatus[]>(PoolDirectory.FindAsync(Cancellation))).Where(static status => status.Pid != Environment.ProcessId);
        PoolStatus[] all = [.. PoolRegistry.Matching("*").Select(static pool => pool.GetStatus()), .. others.OrderBy(static status => status.Pid).ThenBy(static status => status.Name, StringComparer.OrdinalIgnoreCase)];
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = Array.FindAll(all, status => pattern.IsMatch(status.Name));
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(PoolErrors.PoolNotFound(name));
            }

            Array.ForEach(found, Write);
        }
    }

    private void Write(PoolStatus status)
    {
        Views.Load();
        WriteObject(status);
    }
}
