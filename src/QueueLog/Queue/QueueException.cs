namespace QueueLog.Queue;

/// <summary>The server did not do what it was asked to.</summary>
internal sealed class QueueException(QueueFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public QueueFault Fault { get; } = fault;
}

/// <summary>Why the server did not do what it was asked to.</summary>
internal enum QueueFault
{
    /// <summary>No answer came in time. It may have been done all the same; asking again later may help.</summary>
    Unreachable,

    /// <summary>The server does not know this key, does not allow it this, or is not the one that the link is for. Asking again does not help.</summary>
    Denied,

    /// <summary>There is no room now. Asking again later may help.</summary>
    Full,

    /// <summary>The run is not on the server: it was deleted.</summary>
    Gone,

    /// <summary>The server cannot do it: no JetStream, too old, or not as configured.</summary>
    Unsuitable,
}
