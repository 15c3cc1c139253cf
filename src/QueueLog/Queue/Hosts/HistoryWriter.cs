using System.Security.Cryptography;
using QueueLog.Queue.History;
using QueueLog.Wire;

namespace QueueLog.Queue.Hosts;

/// <summary>Appends to one history on behalf of a host, each message when the last one is there.</summary>
/// <param name="run">The run.</param>
/// <param name="name">The chunk.</param>
/// <param name="claim">What this host claims it with.</param>
internal sealed class HistoryWriter(IQueueRun run, string name, ChunkClaim claim)
{
    private long sequence;
    private int count;

    /// <summary>The chunk.</summary>
    public string Name => name;

    /// <summary>Of the claim.</summary>
    public long Nonce => claim.Nonce;

    /// <summary>A claim that nobody has made before.</summary>
    public static ChunkClaim NewClaim(string host, string incarnation) => new(host, incarnation, (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue) | 1);

    /// <summary>Claims the chunk.</summary>
    /// <param name="offer">Sequence of the offer; 0 for a history that begins with the claim.</param>
    /// <param name="cancellation">Ends it; whether it is claimed is not known then.</param>
    /// <returns>Whether it is this host's.</returns>
    /// <exception cref="QueueException">The run is gone.</exception>
    public async Task<bool> TryClaimAsync(long offer, CancellationToken cancellation)
    {
        var outcome = await AppendOnceAsync(claim, offer, IdOf(count++), cancellation).ConfigureAwait(false);
        if (outcome.Result != AppendResult.Refused)
        {
            sequence = outcome.Sequence;
            return true;
        }

        var (history, _) = await ReadAsync(cancellation).ConfigureAwait(false);
        sequence = history.LastSequence;
        return HostRule.IsClaimed(history, claim.Nonce);
    }

    /// <summary>Appends what came of the chunk.</summary>
    /// <param name="parts">What came.</param>
    /// <param name="end">Why nothing more comes; null when something may.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>False when the chunk is this host's no more.</returns>
    /// <exception cref="QueueException">The run is gone.</exception>
    public async Task<bool> AppendAsync(ReportPart[] parts, EndReason? end, CancellationToken cancellation)
    {
        var id = IdOf(count++);
        var report = await StoreAsync(parts, id, cancellation).ConfigureAwait(false);
        HistoryEvent message = end is { } reason ? new ChunkEnd(claim.Nonce, reason, report) : new ChunkResults(claim.Nonce, report);
        while (true)
        {
            var outcome = await AppendOnceAsync(message, sequence, id, cancellation).ConfigureAwait(false);
            if (outcome.Result != AppendResult.Refused)
            {
                sequence = outcome.Sequence;
                return true;
            }

            var (history, ids) = await ReadAsync(cancellation).ConfigureAwait(false);
            sequence = history.LastSequence;
            if (ids.Contains(id))
            {
                return true;
            }

            switch (HostRule.OnRefused(history, claim.Nonce))
            {
                case RefusalAction.ClaimAgain:
                    sequence = (await AppendOnceAsync(claim, sequence, IdOf(count++), cancellation).ConfigureAwait(false)).Sequence;
                    break;
                case RefusalAction.GiveUp:
                    return false;
            }
        }
    }

    /// <summary>Whether the chunk is this host's no more, as far as the server can be asked now. Not while something is appended.</summary>
    public async Task<bool> IsFencedAsync(CancellationToken cancellation)
    {
        try
        {
            return (await run.ReadLastAsync(name, cancellation).ConfigureAwait(false))?.Sequence != sequence
                && HostRule.OnRefused(ChunkHistory.Of(await run.ReadHistoryAsync(name, cancellation).ConfigureAwait(false)), claim.Nonce) == RefusalAction.GiveUp;
        }
        catch (QueueException)
        {
            return false;
        }
    }

    private string IdOf(int number) => $"{name}/{claim.Nonce:x}-{number}";

    private Task<AppendOutcome> AppendOnceAsync(HistoryEvent message, long expectedLast, string id, CancellationToken cancellation)
    {
        var content = HistoryCodec.Encode(message);
        return QueueCall.RepeatAsync(() => run.AppendAsync(name, content, expectedLast, id, cancellation), cancellation);
    }

    private async Task<Report> StoreAsync(ReportPart[] parts, string id, CancellationToken cancellation)
    {
        if (parts.Sum(static part => part is ResultsPart results ? (long)results.Entries.Length : part is LinePart line ? line.Text.Length : 0) <= QueueCall.MaxInline / 2)
        {
            return new Report(parts);
        }

        var output = new ByteWriter();
        ReportCodec.Write(output, parts);
        var content = output.Detach();
        if (content.Length <= QueueCall.MaxInline)
        {
            return new Report(parts);
        }

        await QueueCall.RepeatAsync(() => run.PutBlobAsync(id, content, cancellation), cancellation).ConfigureAwait(false);
        return new Report([], id);
    }

    private async Task<(ChunkHistory History, HashSet<string> Ids)> ReadAsync(CancellationToken cancellation)
    {
        var messages = await QueueCall.RepeatAsync(() => run.ReadHistoryAsync(name, cancellation), cancellation).ConfigureAwait(false);
        return (ChunkHistory.Of(messages), [.. messages.Select(static message => message.Id)]);
    }
}
