namespace QueueLog.Journal;

/// <summary>What a listener is about to do with a batch: the content of a checkpoint.</summary>
internal sealed class BatchIntent
{
    public List<FileGrowth> Files { get; } = [];

    public List<RingAdvance> Rings { get; } = [];

    public List<FeedAdvance> Feeds { get; } = [];

    public void Clear()
    {
        Files.Clear();
        Rings.Clear();
        Feeds.Clear();
    }
}

/// <summary>A file that a batch makes longer.</summary>
internal readonly record struct FileGrowth(string Path, long Before, long After);

/// <summary>A ring whose head a batch moves.</summary>
internal readonly record struct RingAdvance(long Id, long Head, long Sequence);

/// <summary>A feed whose position a batch moves.</summary>
internal readonly record struct FeedAdvance(string Key, long Position);
