namespace QueueLog.Formatting;

/// <summary>Writes a text of the records that is mostly the same as the last time: made safe and aligned once. Not thread-safe.</summary>
/// <param name="width">Least width in characters; negative for left-aligned, 0 for none.</param>
internal sealed class RepeatedText(int width)
{
    private readonly CachedText last = new();

    public void Append(ref EntryWriter entry, scoped ReadOnlySpan<byte> next)
    {
        if (last.TryAppend(ref entry, next))
        {
            return;
        }

        var start = entry.Length;
        entry.AppendText(next);
        if (width != 0)
        {
            entry.Align(start, width);
        }

        last.Keep(next, entry.WrittenFrom(start));
    }
}
