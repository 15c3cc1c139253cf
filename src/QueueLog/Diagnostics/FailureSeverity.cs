namespace QueueLog.Diagnostics;

/// <summary>What a failure means for what was to be logged.</summary>
public enum FailureSeverity
{
    /// <summary>Nothing is lost; it is tried again.</summary>
    Temporary,

    /// <summary>What was being done is lost; the next may succeed.</summary>
    Permanent,

    /// <summary>The part that failed has come to its end.</summary>
    Final,
}
