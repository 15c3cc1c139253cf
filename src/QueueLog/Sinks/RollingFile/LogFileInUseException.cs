using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Another listener writes the log file.</summary>
public sealed class LogFileInUseException : LogFileException
{
    internal LogFileInUseException(string path, LogFileOwner? owner)
        : base(path, LogFileFault.InUse, Describe(path, owner))
    {
        OwnerPid = owner?.Pid;
        OwnerProcess = owner?.Process;
        OwnerPipe = owner?.Pipe;
    }

    /// <summary>Process id of the owner; null if it could not be told.</summary>
    public int? OwnerPid { get; }

    /// <summary>Process name of the owner; null if it could not be told.</summary>
    public string? OwnerProcess { get; }

    /// <summary>Address of the pipe on which the owner listens; null if it could not be told.</summary>
    public string? OwnerPipe { get; }

    private static string Describe(string path, LogFileOwner? owner) => owner is null
        ? $"The log file '{path}' is in use by another listener."
        : string.Create(CultureInfo.InvariantCulture, $"The log file '{path}' is in use by the listener on '{owner.Pipe}' in process {owner.Pid} ({owner.Process}).");
}
