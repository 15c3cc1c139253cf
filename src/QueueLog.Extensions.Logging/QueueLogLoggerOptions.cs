namespace QueueLog.Extensions.Logging;

/// <summary>How a program logs to a QueueLog listener. In a configuration the section is <c>Logging:QueueLog</c>.</summary>
public sealed class QueueLogLoggerOptions
{
    /// <summary>Name or address of the listener. Default: the one the process inherited in <c>QUEUELOG_PIPE</c>.</summary>
    public string? Listener { get; set; }

    /// <summary>
    /// Name of this process in the provider's records; another provider may have another. Default: the environment variable
    /// <c>QUEUELOG_PROCESS</c>, or the name of the program.
    /// </summary>
    public string? ProcessName { get; set; }

    /// <summary>Whether the values of scopes are kept. Default: yes.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>What is done while there is no listener. Default: a warning on standard error.</summary>
    public WithoutListener WithoutListener { get; set; }

    /// <summary>How long <c>Dispose</c> waits for the records to be in the file; they are kept without it, too. Default: 5 s.</summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>What a program does with its records while no listener is there to take them.</summary>
public enum WithoutListener
{
    /// <summary>Say so on standard error, once; a listener that comes later learns how many records it missed.</summary>
    Warn,

    /// <summary>As <see cref="Warn"/>, and show each record on standard error.</summary>
    Show,

    /// <summary>Say nothing.</summary>
    Ignore,

    /// <summary>Do not start: the logger provider throws when it is created. A listener that stops later is warned of.</summary>
    Fail,
}
