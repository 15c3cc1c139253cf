namespace QueueLog.Reading.Search;

/// <summary>A regular expression tried so many ways to match an entry that its time was over.</summary>
internal sealed class MatchTimeoutException(string pattern, TimeSpan limit, string file, long offset, Exception inner)
    : Exception($"The search for '{pattern}' in '{file}' exceeded {limit} at byte {offset}.", inner)
{
    public string Pattern => pattern;

    public TimeSpan Limit => limit;

    public string File => file;

    /// <summary>How many bytes stand before the entry, or before the block of entries that was searched at once.</summary>
    public long Offset => offset;
}
