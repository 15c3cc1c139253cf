namespace QueueLog.Client;

/// <summary>How a client behaves.</summary>
internal sealed record ClientOptions
{
    /// <summary>How long a listener that is there may take to answer: a busy machine is slow. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client that lost its listener looks for a new one on the same address before it gives up what it holds. Default 10 s.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the process waits for unsent records. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes a client holds before its writers wait. Default 256 KiB, in two buffers.</summary>
    public int Capacity { get; init; } = 256 * 1024;
}
