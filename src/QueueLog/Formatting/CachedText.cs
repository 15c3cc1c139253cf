namespace QueueLog.Formatting;

/// <summary>A text and what was made of it, kept because the next one is mostly the same. Not thread-safe.</summary>
internal sealed class CachedText
{
    // Longer ones are made each time.
    private const int LongestKept = 128;

    private readonly byte[] text = new byte[LongestKept];
    private readonly byte[] made = new byte[LongestKept];
    private int textLength = -1;
    private int madeLength;

    /// <summary>Appends what was made of the text kept, if it is this one.</summary>
    public bool TryAppend(ref EntryWriter entry, scoped ReadOnlySpan<byte> next)
    {
        if (next.Length != textLength || !next.SequenceEqual(text.AsSpan(0, textLength)))
        {
            return false;
        }

        entry.Append(made.AsSpan(0, madeLength));
        return true;
    }

    /// <summary>Keeps a text and what was made of it, unless one of them is long.</summary>
    public void Keep(scoped ReadOnlySpan<byte> next, scoped ReadOnlySpan<byte> madeOfIt)
    {
        if (next.Length <= LongestKept && madeOfIt.Length <= LongestKept)
        {
            next.CopyTo(text);
            textLength = next.Length;
            madeOfIt.CopyTo(made);
            madeLength = madeOfIt.Length;
        }
    }
}
