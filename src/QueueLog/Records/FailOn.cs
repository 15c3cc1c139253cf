namespace QueueLog.Records;

/// <summary>What fails an item that has run to its end; the numbers are part of the protocol. What ends an item early fails it in any case.</summary>
public enum FailOn
{
    /// <summary>Nothing: only what ends an item early.</summary>
    Throw = 0,

    /// <summary>An error record of its error stream.</summary>
    Error = 1,

    /// <summary>An error record, or a last exit code of its programs that is not 0.</summary>
    ExitCode = 2,
}
