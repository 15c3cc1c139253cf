using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The batch as clients' records reach it: none passes for the listener's own, and what comes too often is left out. Used by the dispatcher's thread.</summary>
/// <param name="batch">Gets the others.</param>
/// <param name="own">Tells the log what was left out.</param>
/// <param name="time">The clock of the limit.</param>
/// <param name="wake">Wakes the dispatcher when there is something to be told.</param>
internal sealed class ClientRecords(BatchWriter batch, ListenerEvents own, TimeProvider time, Action wake)
{
    private RecordLimit limit = RecordLimit.None;

    // Null without a limit.
    private RecordLimiter? limiter;

    /// <inheritdoc cref="BatchWriter.Add"/>
    public void Add(scoped in RecordView record, int length, RecordSource source, RingPosition before)
    {
        if (ListenerEntry.IsClaimedBy(record.Category))
        {
            // Whoever checks the log takes what has it for the listener's word.
            var claimed = record;
            claimed.Category = ListenerEntry.CategoryOfOthers;
            AddLimited(in claimed, length, source, before);
            return;
        }

        AddLimited(in record, length, source, before);
    }

    /// <summary>The same for one that another machine's listener has checked: what has the listener's category is that listener's word.</summary>
    public void AddChecked(scoped in RecordView record, int length, RecordSource source)
    {
        if (ListenerEntry.IsCategory(record.Category))
        {
            batch.Add(in record, length, source, default);
            return;
        }

        AddLimited(in record, length, source, default);
    }

    private void AddLimited(scoped in RecordView record, int length, RecordSource source, RingPosition before)
    {
        // What no sink wants is left out anyway, and counts for nothing.
        if (limiter is not null && !record.IsHeld && batch.IsWanted(record.Level) && limiter.IsTooMany(in record))
        {
            source.CountLimited();
            batch.Skip(length, source);
            return;
        }

        batch.Add(in record, length, source, before);
    }

    /// <summary>Limits what comes from now on.</summary>
    public void SetLimit(RecordLimit next)
    {
        if (next == limit)
        {
            return;
        }

        limit = next;
        limiter?.Report(own);
        limiter?.Dispose();
        limiter = next.PerSecond > 0 ? new RecordLimiter(next, time, wake) : null;
    }

    /// <inheritdoc cref="RecordLimiter.EndSecond"/>
    public void EndSecond() => limiter?.EndSecond(own);

    /// <inheritdoc cref="RecordLimiter.SetAlarm"/>
    public void SetAlarm() => limiter?.SetAlarm();
}
