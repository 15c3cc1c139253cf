using System.Collections.Specialized;
using System.Management.Automation;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>Finds the shapes of objects among those of former ones, by names that are most often the very same strings.</summary>
internal sealed class ShapeFinder
{
    private readonly LastShapes known = new(32);

    private interface INames
    {
        int Count { get; }

        string? this[int index] { get; }
    }

    /// <returns>Null when a member is more than a property with a value, or a name cannot be carried.</returns>
    public ValueShape? Find(IList<string> typeNames, OrderedDictionary? members) => Find(typeNames, new NoteNames(members));

    /// <returns>Null when a name cannot be carried.</returns>
    public ValueShape? Find(IList<string> typeNames, IReadOnlyList<string> names) => Find(typeNames, new PlainNames(names));

    private static bool Matches<T>(ValueShape shape, IList<string> typeNames, T names)
        where T : struct, INames
    {
        if (shape.Names.Length != names.Count || shape.TypeNames.Length != typeNames.Count)
        {
            return false;
        }

        for (var i = 0; i < shape.Names.Length; i++)
        {
            if (names[i] != shape.Names[i])
            {
                return false;
            }
        }

        for (var i = 0; i < shape.TypeNames.Length; i++)
        {
            if (typeNames[i] != shape.TypeNames[i])
            {
                return false;
            }
        }

        return true;
    }

    private ValueShape? Find<T>(IList<string> typeNames, T names)
        where T : struct, INames
    {
        for (var i = known.Count - 1; i >= 0; i--)
        {
            if (Matches(known[i], typeNames, names))
            {
                return known[i];
            }
        }

        var copy = new string[names.Count];
        for (var i = 0; i < copy.Length; i++)
        {
            if (names[i] is not { } name)
            {
                return null;
            }

            copy[i] = name;
        }

        var shape = ValueShape.TryCreate([.. typeNames], copy);
        if (shape is not null)
        {
            known.Add(shape);
        }

        return shape;
    }

    private readonly struct NoteNames(OrderedDictionary? members) : INames
    {
        public int Count => members?.Count ?? 0;

        public string? this[int index] => members![index] is PSNoteProperty note && note.GetType() == typeof(PSNoteProperty) ? note.Name : null;
    }

    private readonly struct PlainNames(IReadOnlyList<string> names) : INames
    {
        public int Count => names.Count;

        public string? this[int index] => names[index];
    }
}
