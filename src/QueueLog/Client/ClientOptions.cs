namespace QueueLog.Client;

/// <summary>How a client behaves.</summary>
internal sealed record ClientOptions
{
    /// <summary>How long a listener that is there may take to answer: a busy machine is slow. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a client that lost its listener lets writers wait for a new one. Without a journal it then gives up what it
    /// holds; with one it keeps looking. Default 10 s.
    /// </summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the process waits for unsent records. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether to keep records in a journal where the listener offers one. Default: yes.</summary>
    public bool UseJournal { get; init; } = true;

    /// <summary>Records of this process that the listener is to be told of first: it was not there when they were written. Default: none.</summary>
    public long Lost { get; init; }

    /// <summary>Bytes a client without a journal holds before its writers wait. Default 256 KiB, in two buffers.</summary>
    public int Capacity { get; init; } = 256 * 1024;
}
