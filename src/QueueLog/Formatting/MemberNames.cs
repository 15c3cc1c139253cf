namespace QueueLog.Formatting;

/// <summary>Writes the names of a JSON object's members, quoted and with their colon, and keeps some: records mostly have the same. Not thread-safe.</summary>
/// <param name="reserved">Names that stand for something else there; null for none.</param>
internal sealed class MemberNames(ReservedNames? reserved)
{
    // Each has a slot by its length.
    private const int Slots = 16;

    private readonly CachedText[] kept = [.. Enumerable.Range(0, Slots).Select(_ => new CachedText())];

    /// <summary>Whether the object is of the compact format, which has names for the ids of traces.</summary>
    public bool IsCompact => reserved is not null;

    public void Append(ref EntryWriter entry, scoped ReadOnlySpan<byte> name)
    {
        var slot = kept[name.Length % Slots];
        if (slot.TryAppend(ref entry, name))
        {
            return;
        }

        var start = entry.Length;
        AppendNew(ref entry, name);
        slot.Keep(name, entry.WrittenFrom(start));
    }

    /// <summary>Writes a name that comes once only.</summary>
    public void AppendNew(ref EntryWriter entry, scoped ReadOnlySpan<byte> name)
    {
        entry.AppendByte((byte)'"');

        // A name that begins with @ would be taken for one of the format's own: CLEF doubles it.
        if (name is [(byte)'@', ..])
        {
            entry.AppendByte((byte)'@');
        }
        else if (reserved is not null && reserved.Holds(name))
        {
            entry.AppendByte((byte)'_');
        }

        entry.AppendQuoted(name);
        entry.Append("\":"u8);
    }
}
