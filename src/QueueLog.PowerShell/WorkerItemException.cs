using System.Management.Automation;

namespace QueueLog.PowerShell;

/// <summary>An error that came from a pool worker.</summary>
public sealed class WorkerItemException : RemoteException
{
    internal WorkerItemException(string message)
        : base(message)
    {
    }

    /// <summary>Name of the worker, e.g. <c>Worker-3</c>.</summary>
    public string Worker { get; internal init; } = "";

    /// <summary>0-based index of the item; -1 for an error of the initialization.</summary>
    public long Item { get; internal init; } = -1;

    /// <summary>The item, as it was given; null for an error of the initialization.</summary>
    public object? Input { get; internal init; }

    /// <summary>Full type name of the exception in the worker; empty when the worker itself died.</summary>
    public string RemoteType { get; internal init; } = "";

    /// <summary>Where in the script block it happened.</summary>
    public string RemotePosition { get; internal init; } = "";
}
