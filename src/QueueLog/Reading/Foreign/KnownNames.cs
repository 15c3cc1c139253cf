namespace QueueLog.Reading.Foreign;

/// <summary>Knows the names of a file again: mostly its entries have the same in the same order.</summary>
internal sealed class KnownNames
{
    private const int Most = 256;

    private readonly List<KnownName> names = [];
    private int next;

    /// <summary>An entry begins.</summary>
    public void Restart() => next = 0;

    public KnownName Of(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var place = next + i < names.Count ? next + i : next + i - names.Count;
            if (name.SequenceEqual(names[place].Name))
            {
                next = place + 1;
                return names[place];
            }
        }

        var found = new KnownName(name.ToArray(), FieldNames.Of(name), FieldNames.IsHolder(name), FieldNames.IsGroup(name));
        if (names.Count < Most)
        {
            names.Insert(next, found);
            next++;
        }

        return found;
    }
}

/// <summary>A name, and what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Field">The field.</param>
/// <param name="IsHolder">Whether the members of an object of this name are looked at.</param>
/// <param name="IsGroup">Whether such an object does nothing but group the entry's properties.</param>
internal readonly record struct KnownName(byte[] Name, FieldName Field, bool IsHolder, bool IsGroup);
