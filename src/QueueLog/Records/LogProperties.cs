using System.Collections;
using System.Dynamic;
using System.Globalization;

namespace QueueLog.Records;

/// <summary>The named values of a record, in order. Names are compared without regard to case. In a script, <c>.File</c> is the value of that name.</summary>
public sealed class LogProperties : DynamicObject, IReadOnlyList<LogProperty>
{
    /// <summary>No properties.</summary>
    public static readonly LogProperties Empty = new([]);

    private readonly Func<byte[], LogProperty[]>? decode;

    // LogProperty[], or as they travel: most entries of a log are shown or counted without.
    private object content;

    /// <summary>Takes the pairs of a dictionary, such as a hashtable of a script.</summary>
    /// <param name="values">Keys become names by their text.</param>
    public LogProperties(IDictionary values)
    {
        var items = new LogProperty[values.Count];
        content = items;
        var index = 0;
        foreach (DictionaryEntry entry in values)
        {
            items[index++] = new LogProperty(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
        }
    }

    /// <summary>Takes properties in their order.</summary>
    public LogProperties(IEnumerable<LogProperty> properties) => content = properties.ToArray();

    /// <summary>Takes properties as they travel, which are decoded when they are asked for.</summary>
    internal LogProperties(byte[] encoded, Func<byte[], LogProperty[]> decode)
    {
        content = encoded;
        this.decode = decode;
    }

    /// <inheritdoc/>
    public int Count => Items.Length;

    /// <inheritdoc/>
    public LogProperty this[int index] => Items[index];

    /// <summary>The value of a name, or null.</summary>
    public object? this[string name] => Array.Find(Items, item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        var items = Items;
        var index = Array.FindIndex(items, item => string.Equals(item.Name, binder.Name, StringComparison.OrdinalIgnoreCase));
        result = index < 0 ? null : items[index].Value;
        return index >= 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> GetDynamicMemberNames() => Items.Select(item => item.Name);

    /// <inheritdoc/>
    public IEnumerator<LogProperty> GetEnumerator() => ((IEnumerable<LogProperty>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();

    // Two threads may decode the same; either result will do.
    private LogProperty[] Items
    {
        get
        {
            var present = Volatile.Read(ref content);
            if (present is not LogProperty[] items)
            {
                items = decode!((byte[])present);
                Volatile.Write(ref content, items);
            }

            return items;
        }
    }
}
