namespace QueueLog.Reading.Foreign;

/// <summary>Knows the names of a file again: mostly its entries have the same in the same order.</summary>
internal sealed class KnownNames
{
    private const int Most = 256;

    private readonly List<(byte[] Name, FieldName Field, bool IsHolder)> names = [];
    private int next;

    /// <summary>An entry begins.</summary>
    public void Restart() => next = 0;

    public (FieldName Field, bool IsHolder) Of(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var place = next + i < names.Count ? next + i : next + i - names.Count;
            if (name.SequenceEqual(names[place].Name))
            {
                next = place + 1;
                return (names[place].Field, names[place].IsHolder);
            }
        }

        var found = (FieldNames.Of(name), FieldNames.IsHolder(name));
        if (names.Count < Most)
        {
            names.Insert(next, (name.ToArray(), found.Item1, found.Item2));
            next++;
        }

        return found;
    }
}
