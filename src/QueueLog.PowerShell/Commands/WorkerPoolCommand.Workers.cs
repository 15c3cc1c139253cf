using System.Collections;
using System.Management.Automation;
using QueueLog.Pool;

namespace QueueLog.PowerShell.Commands;

// The workers of a pool of the command's own.
public abstract partial class WorkerPoolCommand
{
    private protected const string OwnSet = "Own";

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, WorkerPoolOptions.MostWorkers)]
    public int Count { get; set; } = Environment.ProcessorCount;

    /// <summary>How many items a worker's process runs before another takes its place. Default: any number.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Parameter(ParameterSetName = QueueSet)]
    [ValidateRange(1, long.MaxValue)]
    public long MaxItemsPerWorker { get; set; } = long.MaxValue;

    /// <summary>Bytes by which the memory of a worker's process may grow before another takes its place. Default: any number.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Parameter(ParameterSetName = QueueSet)]
    [ValidateRange(1, long.MaxValue)]
    public long MaxWorkerMemory { get; set; } = long.MaxValue;

    /// <summary>Runs once in each worker behind its last item, e.g. to close what -InitializationScript opened.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Parameter(ParameterSetName = QueueSet)]
    public ScriptBlock? EndScript { get; set; }

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [Parameter(ParameterSetName = QueueSet)]
    [ValidateNotNull]
    public object? Listener { get; set; }

    /// <summary>Environment variables of the worker processes; null takes one away.</summary>
    [Parameter(ParameterSetName = OwnSet)]
    [ValidateNotNull]
    public Hashtable? EnvironmentVariable { get; set; }
}
