using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Queue;

namespace QueueLog.PowerShell.Commands;

/// <summary>Ends hosts of this session: items under way may finish, and what was not begun goes to other hosts.</summary>
[Cmdlet(VerbsLifecycle.Stop, "WorkerHost", SupportsShouldProcess = true)]
public sealed class StopWorkerHostCommand : QueueLogCommand
{
    /// <summary>Names of hosts of this session; wildcards are allowed. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>How long items under way get to finish, in seconds; then they are stopped.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 24 * 3600.0)]
    public double GraceSeconds { get; set; } = 30;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var ends = new List<Task>();
        foreach (var name in Name)
        {
            var found = HostRegistry.Matching(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(QueueErrors.HostNotFound(name));
            }

            ends.AddRange(found.Where(host => ShouldProcess(host.Entry.Host, "Stop the host and its worker processes")).Select(host => host.StopAsync(TimeSpan.FromSeconds(GraceSeconds))));
        }

        Wait(Task.WhenAll(ends));
    }
}
