using System.Collections;
using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>A dictionary as the engine makes it: keys that differ in their case only are one, until two such come.</summary>
// Of the same room from the start, too: the order of a table's entries follows it.
internal sealed class EntryTable(bool isOrdered)
{
    private int clashes;

    public IDictionary Dictionary { get; private set; } = isOrdered
        ? new OrderedDictionary(StringComparer.CurrentCultureIgnoreCase)
        : new Hashtable(StringComparer.CurrentCultureIgnoreCase);

    public void Add(object key, object? value)
    {
        while (clashes < 2 && Dictionary.Contains(key))
        {
            clashes++;
            IEqualityComparer? comparer = clashes == 1 ? null : new KeyIdentity();
            IDictionary other = isOrdered ? new OrderedDictionary(Dictionary.Count, comparer) : new Hashtable(Dictionary.Count, comparer);
            foreach (DictionaryEntry entry in Dictionary)
            {
                other.Add(entry.Key, entry.Value);
            }

            Dictionary = other;
        }

        if (Dictionary.Contains(key))
        {
            throw new ProtocolException("A dictionary has the same key twice.");
        }

        Dictionary.Add(key, value);
    }

    private sealed class KeyIdentity : IEqualityComparer
    {
        bool IEqualityComparer.Equals(object? x, object? y) => ReferenceEquals(x, y);

        int IEqualityComparer.GetHashCode(object obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
