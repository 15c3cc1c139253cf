namespace QueueLog.Reading.Files;

/// <summary>Finds the last heading before a place. Whoever comes back place by place walks through the file once.</summary>
/// <param name="read">Fills a buffer from a place on, as far as there is something.</param>
/// <param name="mark">A line break, and what a heading begins with.</param>
internal sealed class HeadingFinder(HeadingFinder.ReadAt read, byte[] mark)
{
    private const int BlockLength = 1024 * 1024;

    // A heading within a file is rare, and looked for backwards only so far: beyond that the file is taken to go on as it began.
    private const long FarthestHeading = 256L * 1024 * 1024;

    private byte[] block = [];

    // Between these two no heading ends; there is one that ends at the first of them, or it is not known what is before.
    private long from = -1;
    private long to = -1;
    private long? heading;

    public delegate int ReadAt(Span<byte> buffer, long place);

    /// <summary>Where it begins; null when there is none near enough.</summary>
    public long? LastBefore(long place)
    {
        if (place < from || place > to)
        {
            (from, to, heading) = (place, place, null);
        }

        var least = Math.Max(0, place - FarthestHeading);
        while (heading is null && from > least)
        {
            SearchBlock(least);
        }

        return heading;
    }

    private void SearchBlock(long least)
    {
        if (block.Length == 0)
        {
            block = GC.AllocateUninitializedArray<byte>(BlockLength);
        }

        // The block overlaps the one behind it by what a heading may have lost to the edge.
        var start = Math.Max(least, from - BlockLength + mark.Length);
        var end = Math.Min(to, from + mark.Length - 1);
        var text = block.AsSpan(0, (int)(end - start));
        var found = text[..read(text, start)].LastIndexOf(mark);
        if (found >= 0)
        {
            heading = start + found + 1;
            from = start + found + mark.Length;
        }
        else
        {
            from = start;
        }
    }
}
