namespace QueueLog.Sinks;

/// <summary>What a sink is.</summary>
public enum SinkKind
{
    /// <summary>A file that rolls, or one for each value of a token in its path.</summary>
    File,

    /// <summary>Standard error.</summary>
    Console,

    /// <summary>A script block.</summary>
    Script,

    /// <summary>A logger of Microsoft.Extensions.Logging.</summary>
    Logger,
}
