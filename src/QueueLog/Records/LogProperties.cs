using System.Collections;
using System.Dynamic;
using System.Globalization;

namespace QueueLog.Records;

/// <summary>The named values of a record, in order. Names are compared without regard to case. In a script, <c>.File</c> is the value of that name.</summary>
public sealed class LogProperties : DynamicObject, IReadOnlyList<LogProperty>
{
    /// <summary>No properties.</summary>
    public static readonly LogProperties Empty = new([]);

    private readonly LogProperty[] items;

    /// <summary>Takes the pairs of a dictionary, such as a hashtable of a script.</summary>
    /// <param name="values">Keys become names by their text.</param>
    public LogProperties(IDictionary values)
    {
        items = new LogProperty[values.Count];
        var index = 0;
        foreach (DictionaryEntry entry in values)
        {
            items[index++] = new LogProperty(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
        }
    }

    /// <summary>Takes properties in their order.</summary>
    public LogProperties(IEnumerable<LogProperty> properties) => items = [.. properties];

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public LogProperty this[int index] => items[index];

    /// <summary>The value of a name, or null.</summary>
    public object? this[string name] => Array.Find(items, item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        var index = Array.FindIndex(items, item => string.Equals(item.Name, binder.Name, StringComparison.OrdinalIgnoreCase));
        result = index < 0 ? null : items[index].Value;
        return index >= 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> GetDynamicMemberNames() => items.Select(item => item.Name);

    /// <inheritdoc/>
    public IEnumerator<LogProperty> GetEnumerator() => ((IEnumerable<LogProperty>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
