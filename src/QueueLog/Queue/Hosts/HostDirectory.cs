namespace QueueLog.Queue.Hosts;

/// <summary>The hosts of a queue.</summary>
internal static class HostDirectory
{
    /// <summary>Those whose heartbeats are on the server, by name.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    public static async Task<IReadOnlyList<HostEntry>> GetAsync(IQueueEngine engine, CancellationToken cancellation) =>
        [.. (await engine.Hosts.GetAllAsync(cancellation).ConfigureAwait(false)).Select(static entry => HostEntry.Decode(entry.Value.Span)).OfType<HostEntry>().OrderBy(static host => host.Host, StringComparer.OrdinalIgnoreCase)];
}
