namespace QueueLog.Queue;

/// <summary>How an engine behaves, and how large the things may be that it makes for a run.</summary>
internal sealed record QueueEngineOptions
{
    /// <summary>What the server's own tools show as the name of the client.</summary>
    public string Name { get; init; } = "QueueLog";

    /// <summary>How long a call waits for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much work of one run may wait on the server. The server sets it aside: a run that finds less is not begun.</summary>
    public long MaxWorkBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>How much log of one run may wait on the server. The server sets it aside, too.</summary>
    public long MaxLogBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>How long the server keeps the histories and blobs of a run that nobody removes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>By which clock <see cref="QueueConnection.Since"/> is.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
