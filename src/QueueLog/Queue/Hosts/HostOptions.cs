using QueueLog.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Queue.Logs;
using QueueLog.Records;

namespace QueueLog.Queue.Hosts;

/// <summary>How a host works.</summary>
internal sealed record HostOptions
{
    private const int MaxNameLength = 100;

    /// <summary>What heartbeats and logs call it; one process has it at a time.</summary>
    public required string Name { get; init; }

    /// <summary>How many items it runs at once, over all runs.</summary>
    public required int Slots { get; init; }

    /// <summary>Of the module; a run whose submitter has another major or minor one is refused.</summary>
    public required Version Version { get; init; }

    /// <summary>Version of PowerShell, to be shown.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>Makes and starts the workers of a run.</summary>
    public required Func<HostRun, WorkerPool> StartPool { get; init; }

    /// <summary>Says what is wrong with a pool that has failed. Default: its kind and its facts.</summary>
    public Func<RunFailure, string> DescribeFailure { get; init; } = static failure => failure.ToString();

    /// <summary>Where hosts of this user keep their spools.</summary>
    public string LogRoot { get; init; } = HostSpools.DefaultRoot;

    /// <summary>Is told of troubles. Default: nobody.</summary>
    public FailureLog Failures { get; init; } = new();

    /// <summary>How often it says that it lives. Default: 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a host may be called so.</summary>
    public static bool IsValidName(string name) => name.Length is > 0 and <= MaxNameLength && name == name.Trim() && name.IndexOfAny(['/', '\\', '@', '*', '?']) < 0 && !name.Any(char.IsControl) && name is not ("." or "..");
}

/// <summary>A run that a host is to have workers for.</summary>
/// <param name="Name">Its name on the server.</param>
/// <param name="Definition">What is run.</param>
/// <param name="Entry">What its submitter says of it.</param>
internal sealed record HostRun(string Name, WorkDefinition Definition, RunEntry Entry)
{
    /// <summary>Address of the listener that its workers log to; null where they do not log.</summary>
    public string? ListenerAddress { get; init; }

    /// <summary>Is to be told how its workers end.</summary>
    public KnownExits Exits { get; init; } = new();

    /// <summary>How many workers there may be.</summary>
    public int Slots { get; init; }
}
