namespace QueueLog.Formatting;

/// <summary>Writes a text of the records that is mostly the same as the last time: made safe and aligned once. Not thread-safe.</summary>
/// <param name="width">Least width in characters; negative for left-aligned, 0 for none.</param>
internal sealed class RepeatedText(int width)
{
    // Longer ones are made each time.
    private const int LongestKept = 128;

    private readonly byte[] text = new byte[LongestKept];
    private readonly byte[] shown = new byte[LongestKept];
    private int textLength = -1;
    private int shownLength;

    public void Append(ref EntryWriter entry, scoped ReadOnlySpan<byte> next)
    {
        if (next.Length == textLength && next.SequenceEqual(text.AsSpan(0, textLength)))
        {
            entry.Append(shown.AsSpan(0, shownLength));
            return;
        }

        var start = entry.Length;
        entry.AppendText(next);
        if (width != 0)
        {
            entry.Align(start, width);
        }

        var made = entry.WrittenFrom(start);
        if (next.Length <= LongestKept && made.Length <= LongestKept)
        {
            next.CopyTo(text);
            textLength = next.Length;
            made.CopyTo(shown);
            shownLength = made.Length;
        }
    }
}
