namespace QueueLog.PowerShell.Engine;

/// <summary>Names and values of properties, in their order.</summary>
internal sealed class PropertyValues
{
    private readonly List<string> names = new(32);
    private readonly List<(object? Value, bool IsOwn)> values = new(32);

    public int Count => names.Count;

    public IReadOnlyList<string> Names => names;

    /// <summary>The value of a property, and whether it is the object's own and not its type's.</summary>
    public (object? Value, bool IsOwn) this[int index] => values[index];

    public void Add(string name, object? value, bool isOwn)
    {
        names.Add(name);
        values.Add((value, isOwn));
    }
}
