using System.Management.Automation;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Queue;
using QueueLog.Queue;
using QueueLog.Queue.Hosts;

namespace QueueLog.PowerShell.Commands;

/// <summary>Shows the hosts of a queue, or those of this session: machines, slots, versions, and what each refuses and why.</summary>
[Cmdlet(VerbsCommon.Get, "WorkerHost")]
[OutputType(typeof(HostStatus))]
public sealed class GetWorkerHostCommand : QueueLogCommand
{
    /// <summary>The link file of the queue. Default: the hosts of this session.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>Names of hosts; wildcards are allowed. Default: all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var all = Queue is null ? [.. HostRegistry.Matching("*").Select(static host => HostStatusFactory.Create(host.Entry, host.Engine.Server))] : Read(Queue);
        Views.Load();
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = Array.FindAll(all, status => pattern.IsMatch(status.Name));
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(QueueErrors.HostNotFound(name));
            }

            WriteObject(found, enumerateCollection: true);
        }
    }

    private HostStatus[] Read(string link)
    {
        var engine = ConnectQueue(link, "Get-WorkerHost");
        try
        {
            var entries = Wait(new ValueTask<IReadOnlyList<HostEntry>>(HostDirectory.GetAsync(engine, Cancellation)));
            return [.. entries.Select(entry => HostStatusFactory.Create(entry, engine.Server))];
        }
        catch (QueueException e)
        {
            ThrowTerminatingError(QueueErrors.Failed(e, link));
            throw;
        }
        finally
        {
            Release(engine);
        }
    }
}
