namespace QueueLog.Transport;

/// <summary>What became of an attempt to connect.</summary>
internal enum UnixPipeAnswer
{
    /// <summary>Nobody listens.</summary>
    Nobody,

    /// <summary>Somebody listens, and has not yet accepted those who came before.</summary>
    Busy,

    /// <summary>There is a connection.</summary>
    Connected,
}
