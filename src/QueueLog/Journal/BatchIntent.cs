namespace QueueLog.Journal;

/// <summary>What a listener is about to do with a batch: the content of a checkpoint.</summary>
internal sealed class BatchIntent
{
    public List<FileGrowth> Files { get; } = [];

    public List<RingAdvance> Rings { get; } = [];

    public void Clear()
    {
        Files.Clear();
        Rings.Clear();
    }
}
