using QueueLog.Diagnostics;

namespace QueueLog.Pool;

/// <summary>Settings of a pool.</summary>
internal sealed record WorkerPoolOptions
{
    /// <summary>No pool has more workers.</summary>
    public const int MostWorkers = 1000;

    /// <summary>The pool's name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    public int Count { get; init; } = System.Environment.ProcessorCount;

    /// <summary>How many items a process runs before another takes its place. Default: any number.</summary>
    public long MaxItemsPerWorker { get; init; } = long.MaxValue;

    /// <summary>Bytes by which a process's memory may grow before another takes its place. Default: any number.</summary>
    public long MaxWorkerMemory { get; init; } = long.MaxValue;

    /// <summary>The clock of timeouts and delays. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the pool outlives its runs. Default: it ends with the first.</summary>
    public bool StaysWarm { get; init; }

    /// <summary>What prepares the workers of a warm pool, without a script of its own; null for nothing.</summary>
    public Records.WorkDefinition? Initialization { get; init; }

    /// <summary>Folder the processes are started in.</summary>
    public string WorkingDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>What the processes' environment has beside what they inherit, or without it.</summary>
    public EnvironmentSetting[] Environment { get; init; } = [];

    /// <summary>Address of the listener the workers log to; null for the one this process inherits or has.</summary>
    public string? ListenerAddress { get; init; }

    /// <summary>Is told how the processes end, for a listener of this process. Default: for nobody.</summary>
    public KnownExits Exits { get; init; } = new();

    /// <summary>Gives the id and the text that a failure of the pool has in the log. Default: the name of its type and its facts.</summary>
    public Func<RunFailure, (string ErrorId, string Reason)> DescribeFailure { get; init; } = static failure => (failure.GetType().Name, failure.ToString());

    /// <summary>Gives the text of an input, for the log and for who looks at the pool from another process. Default: its own.</summary>
    public Func<object?, string> DescribeItem { get; init; } = static input => input?.ToString() ?? "";

    /// <summary>Gives the file of the listener that the workers log to; null where there is none. Default: none.</summary>
    public Func<string?> LogPath { get; init; } = static () => null;

    /// <summary>How long a process may take to report. Beyond it the worker counts as failed to start. Default: 60 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a worker without work may take to end, beyond the time that its code may take for that. Beyond it the process is killed. Default: 2 s.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a worker may take to acknowledge that it is to give up its item: that needs no more of it than a moment of processor
    /// time. Beyond it the process is killed, and what it had finished and not sent is lost. Default: 10 s.
    /// </summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a process may take to end by itself once its code has stopped, or had its time for that. Beyond it the process is killed. Default: 0.5 s.</summary>
    public TimeSpan StopMargin { get; init; } = TimeSpan.FromSeconds(0.5);
}
