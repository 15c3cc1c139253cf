using QueueLog.Queue.History;

namespace QueueLog.Queue.Hosts;

/// <summary>Gathers what comes of a chunk, and has it appended in order. Used by one thread; the appends run behind it.</summary>
/// <param name="writer">Appends it.</param>
/// <param name="fenced">Told, once, that the chunk is this host's no more.</param>
/// <param name="cancellation">Ends the appends.</param>
internal sealed class ChunkReport(HistoryWriter writer, Action fenced, CancellationToken cancellation)
{
    private const int MaxGathered = 256 * 1024;

    // Long items are to be heard of while they run; of short ones everything comes with their end.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(200);

    // Who appends nothing for so long asks whether the chunk is still its own: one that stood still, or was cut off, would not hear of it.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly List<ReportPart> parts = [];
    private Task appended = Task.CompletedTask;
    private long gathered;
    private long since;
    private TimeSpan? asked;
    private bool isFenced;

    public string Name => writer.Name;

    /// <summary>Completes when everything handed over so far is appended.</summary>
    public Task Appended => appended;

    /// <summary>Adds something.</summary>
    /// <param name="part">What came.</param>
    /// <param name="length">About how many bytes it has.</param>
    /// <param name="now">By the clock that <see cref="FlushIfDue"/> is told, too.</param>
    public void Add(ReportPart part, int length, TimeSpan now)
    {
        since = parts.Count == 0 ? now.Ticks : since;
        parts.Add(part);
        asked = now;
        gathered += length;
        if (gathered > MaxGathered)
        {
            Flush(null);
        }
    }

    /// <summary>Hands over what has waited long enough.</summary>
    public void FlushIfDue(TimeSpan now)
    {
        if (parts.Count > 0 && now.Ticks - since >= MaxDelay.Ticks)
        {
            Flush(null);
        }
    }

    /// <summary>Looks, where nothing was appended for long, whether the chunk is still this host's.</summary>
    public void CheckIfDue(TimeSpan now)
    {
        asked ??= now;
        if (now - asked >= Silence && appended.IsCompleted)
        {
            asked = now;
            appended = CheckAsync();
        }
    }

    /// <summary>Hands over what there is, and the end of the chunk.</summary>
    public void End(EndReason reason) => Flush(reason);

    private void Flush(EndReason? end)
    {
        ReportPart[] taken = [.. parts];
        parts.Clear();
        gathered = 0;
        appended = AppendAsync(appended, taken, end);
    }

    private async Task AppendAsync(Task before, ReportPart[] taken, EndReason? end)
    {
        await before.ConfigureAwait(false);
        if (isFenced)
        {
            return;
        }

        try
        {
            SetFenced(!await writer.AppendAsync(taken, end, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is QueueException or OperationCanceledException)
        {
            // The run is gone, or this host ends without it.
            SetFenced(true);
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            SetFenced(!isFenced && await writer.IsFencedAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // This host ends.
        }
    }

    private void SetFenced(bool fencedNow)
    {
        if (fencedNow)
        {
            isFenced = true;
            fenced();
        }
    }
}
