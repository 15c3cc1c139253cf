using System.Management.Automation;
using System.Runtime.CompilerServices;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>The names that types have once their objects have come: of each shape once.</summary>
/// <param name="engine">The inside of the engine's objects.</param>
internal sealed class DeserializedTypeNames(EngineObject engine)
{
    private const string Prefix = "Deserialized.";

    private readonly ConditionalWeakTable<ValueShape, object> names = new();
    private readonly ConditionalWeakTable<ValueShape, object> flattenedNames = new();

    public static string WithoutPrefix(string name) => HasPrefix(name) ? name[Prefix.Length..] : name;

    /// <summary>Gives an object that is nothing but its properties the names of its types.</summary>
    public void Set(PSObject value, ValueShape shape)
    {
        if (shape.TypeNames.Length > 0)
        {
            engine.SetTypeNames(value, names.GetValue(shape, NewNames));
        }
    }

    /// <summary>Gives an object that has a text and adapted properties the names of its types.</summary>
    public void SetFlattened(PSObject value, ValueShape shape)
    {
        if (shape.TypeNames.Length > 0)
        {
            engine.SetTypeNames(value, flattenedNames.GetValue(shape, NewFlattenedNames));
        }
    }

    /// <summary>Announces the properties of a shape that has them alone.</summary>
    public void Announce(ValueShape shape) => names.GetValue(shape, NewNames);

    private object NewNames(ValueShape shape)
    {
        foreach (var name in shape.Names)
        {
            engine.Announce(name);
        }

        return New(shape);
    }

    // Its properties are no members of the object itself, so that nobody need be told of them.
    private object NewFlattenedNames(ValueShape shape)
    {
        engine.Announce("ToString");
        engine.Announce("GetType");
        return New(shape);
    }

    private object New(ValueShape shape) => engine.NewTypeNames(shape.TypeNames.Where(static name => name.Length > 0).Select(static name => HasPrefix(name) ? name : Prefix + name));

    private static bool HasPrefix(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
