namespace QueueLog.Extensions.Logging;

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
