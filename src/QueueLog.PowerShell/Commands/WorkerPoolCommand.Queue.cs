using System.Management.Automation;
using QueueLog.Client;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Pool;
using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <content>Workers on other machines.</content>
public abstract partial class WorkerPoolCommand
{
    private protected const string QueueSet = "Queue";

    /// <summary>The link file of a queue: the items run on its hosts. Default: they run on this machine.</summary>
    [Parameter(ParameterSetName = QueueSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    /// <summary>Names of the hosts that may take part; wildcards are allowed. Default: all.</summary>
    [Parameter(ParameterSetName = QueueSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] On { get; set; } = [];

    /// <summary>How long a host may be silent before it counts as lost, in seconds.</summary>
    [Parameter(ParameterSetName = QueueSet)]
    [SecondsTransformation]
    [ValidateRange(10, 24 * 3600.0)]
    public double HostTimeoutSeconds { get; set; } = 60;

    private QueuePool StartQueuePool(string? given)
    {
        var name = given ?? PoolRegistry.NextName();
        if (PoolRegistry.Find(name) is not null)
        {
            ThrowTerminatingError(PoolErrors.PoolNameInUse(name));
        }

        var engine = ConnectQueue(Queue!, $"pool {name}");
        QueuePool? pool = null;
        try
        {
            pool = Wait(new ValueTask<QueuePool>(QueuePool.ConnectAsync(engine, QueueOptions(name, isOwnName: given is not null), Cancellation)));
        }
        catch (RunInUseException e)
        {
            ThrowTerminatingError(QueueErrors.RunInUse(e));
        }
        catch (QueueException e)
        {
            ThrowTerminatingError(QueueErrors.Failed(e, Queue!));
        }
        finally
        {
            if (pool is null)
            {
                Release(engine);
            }
        }

        if (!PoolRegistry.TryAdd(pool!))
        {
            _ = pool!.KillAsync();
            ThrowTerminatingError(PoolErrors.PoolNameInUse(name));
        }

        return pool!;
    }

    private QueuePoolOptions QueueOptions(string name, bool isOwnName)
    {
        var address = ListenerAddress ?? ClientRegistry.DefaultAddress;
        var listener = Array.Find(ModuleState.Running, listener => listener.Address == address);
        return new QueuePoolOptions
        {
            Name = name,
            Version = typeof(WorkerPoolCommand).Assembly.GetName().Version!,
            ListenerAddress = address,
            LogLevel = listener?.MinimumLevel ?? LogLevel.Information,
            On = On,
            HostTimeout = TimeSpan.FromSeconds(HostTimeoutSeconds),

            // The next number of this session may be that of another's run.
            Resumes = (Resume || ResumeFailed) && isOwnName,
            RetriesFailed = ResumeFailed,
            MaxItemsPerWorker = MaxItemsPerWorker,
            MaxWorkerMemory = MaxWorkerMemory,
            DescribeItem = DescribeElsewhere,
            LogPath = () => ModuleState.LogPath(address),
        };
    }
}
