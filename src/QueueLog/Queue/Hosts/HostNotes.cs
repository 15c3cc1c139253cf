using QueueLog.Queue.History;

namespace QueueLog.Queue.Hosts;

/// <summary>A history of each host's own in a run: of what belongs to no chunk, and of whether the host has done with the run.</summary>
internal static class HostNotes
{
    private const string Prefix = "host-";

    /// <summary>Whether a history is one of these.</summary>
    public static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    public static string NameOf(HostLife life) => $"{Prefix}{life.Incarnation}-{life.Number}";

    /// <summary>Begins it.</summary>
    /// <returns>Sequence of the offer.</returns>
    public static async Task<long> OfferAsync(IQueueRun run, string name, string incarnation, CancellationToken cancellation)
    {
        var outcome = await QueueCall.RepeatAsync(() => run.AppendAsync(name, HistoryCodec.Encode(new ChunkOffer(incarnation, [])), 0, name, cancellation), cancellation).ConfigureAwait(false);
        return outcome.Result != AppendResult.Refused ? outcome.Sequence
            : (await QueueCall.RepeatAsync(() => run.ReadLastAsync(name, cancellation), cancellation).ConfigureAwait(false))?.Sequence ?? 0;
    }
}
