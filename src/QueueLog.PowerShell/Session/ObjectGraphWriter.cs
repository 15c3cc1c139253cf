using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Security;
using System.Xml;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// Encodes property bags, lists and dictionaries as a graph, which takes a tenth of the time of the engine's own serialization and gives
/// the same result. Whatever holds other objects takes the engine's way. For one thread.
/// </summary>
/// <param name="engine">The inside of the engine's objects.</param>
internal sealed class ObjectGraphWriter(EngineObject engine)
{
    private readonly ValueGraphWriter graph = new();
    private readonly ShapeFinder shapes = new();
    private readonly HashSet<object> serialized = new(ReferenceEqualityComparer.Instance);

    /// <summary>Encodes a value.</summary>
    /// <returns>False when that is a matter of the engine's serialization as a whole; what was written is of no use then.</returns>
    /// <exception cref="ValueNotSerializableException">It cannot be done at all.</exception>
    public bool TryWrite(ByteWriter writer, object value)
    {
        if (!IsNode(value))
        {
            return false;
        }

        graph.Begin(writer);
        try
        {
            return TryWrite(value, 0);
        }
        catch (Exception e) when (e is not (ValueNotSerializableException or PipelineStoppedException or OutOfMemoryException))
        {
            // A collection that throws, or is changed meanwhile: the engine's serialization makes what it can of it.
            return false;
        }
        finally
        {
            graph.End();
            serialized.Clear();
        }
    }

    private static bool HoldsNoObjects(object value) => value is Version or Uri or ScriptBlock or SecureString or XmlDocument or IPAddress or MailAddress;

    private static ValueKind? ContainerKind(object value) => value switch
    {
        // A simple value, though a list.
        byte[] => null,
        IDictionary => ValueKind.Dictionary,
        Stack => ValueKind.Stack,
        Queue => ValueKind.Queue,
        IList => ValueKind.List,
        _ when !value.GetType().IsGenericType => null,
        _ when value.GetType().GetGenericTypeDefinition() == typeof(Stack<>) => ValueKind.Stack,
        _ when value.GetType().GetGenericTypeDefinition() == typeof(Queue<>) => ValueKind.Queue,
        _ => null,
    };

    private bool IsNode(object value) => value is PSObject wrapped
        ? engine.Base(wrapped) is PSCustomObject or PSObject or Enum || ContainerKind(engine.Base(wrapped)) is not null || engine.Members(wrapped) is not null
        : value is Enum || ContainerKind(value) is not null;

    private bool TryWrite(object? value, int depth)
    {
        if (value is not PSObject wrapped)
        {
            return graph.TryWriteSimple(value) || TryWriteEnum(value!) || (TryWriteContainer(value!, null, depth) ?? TrySerialize(value!, depth));
        }

        if (graph.TryWriteReference(wrapped))
        {
            return true;
        }

        var wrappedValue = engine.Base(wrapped);
        if (engine.IsFlattened(wrapped) || wrappedValue is PSObject)
        {
            return wrappedValue is not PSCustomObject && TrySerialize(wrapped, depth);
        }

        if (wrappedValue is PSCustomObject)
        {
            return TryWriteBag(wrapped, depth);
        }

        if (TryWriteContainer(wrappedValue, wrapped, depth) is { } written)
        {
            return written;
        }

        // A simple value as it is, unless there is more to it.
        if (engine.HasTokenText(wrapped) || !engine.HasOwnTypes(wrapped))
        {
            return TrySerialize(wrapped, depth);
        }

        var members = engine.Members(wrapped);
        return members is null ? graph.TryWriteSimple(wrappedValue) || TryWriteEnum(wrappedValue) || TrySerialize(wrapped, depth) : TryWriteNoted(wrapped, wrappedValue, members, depth);
    }

    private bool TryWriteEnum(object value)
    {
        if (value is not Enum named || shapes.Find(engine.TypeNames(new PSObject(value)), null) is not { } shape)
        {
            return false;
        }

        graph.WriteEnum(shape, Convert.ChangeType(named, named.GetTypeCode(), CultureInfo.InvariantCulture), named.ToString());
        return true;
    }

    private bool TryWriteBag(PSObject bag, int depth)
    {
        var members = engine.Members(bag);
        if (engine.TypeData(bag).HasMembers || shapes.Find(engine.TypeNames(bag), members) is not { } shape)
        {
            return false;
        }

        graph.BeginNode(ValueKind.Object, bag, shape);
        return TryWriteMembers(members, depth);
    }

    private bool TryWriteNoted(PSObject wrapped, object simple, OrderedDictionary members, int depth)
    {
        if (shapes.Find([], members) is not { } shape)
        {
            return false;
        }

        graph.BeginNode(ValueKind.Noted, wrapped, shape);
        return graph.TryWriteSimple(simple) && TryWriteMembers(members, depth);
    }

    /// <returns>Null when it is none.</returns>
    private bool? TryWriteContainer(object container, PSObject? wrapped, int depth)
    {
        if (ContainerKind(container) is not { } kind)
        {
            return null;
        }

        if (wrapped is null && graph.TryWriteReference(container))
        {
            return true;
        }

        var own = wrapped ?? new PSObject(container);
        var members = wrapped is null ? null : engine.Members(wrapped);
        if (engine.TypeData(own).HasSettings || shapes.Find(engine.TypeNames(own), members) is not { } shape)
        {
            return false;
        }

        if (kind == ValueKind.List && ValueBlock.TryGet(container, out var numberKind, out var numbers))
        {
            graph.BeginNode(ValueKind.Block, wrapped ?? container, shape);
            graph.WriteBlock(numberKind, numbers);
            return TryWriteMembers(members, depth);
        }

        graph.BeginNode(kind, wrapped ?? container, shape);
        return (kind == ValueKind.Dictionary ? TryWriteEntries((IDictionary)container, depth) : TryWriteElements((ICollection)container, depth)) && TryWriteMembers(members, depth);
    }

    private bool TryWriteElements(ICollection elements, int depth)
    {
        var left = elements.Count;
        graph.WriteCount(left);
        foreach (var element in elements)
        {
            if (--left < 0 || !TryWriteInner(element, depth))
            {
                return false;
            }
        }

        return left == 0;
    }

    private bool TryWriteEntries(IDictionary dictionary, int depth)
    {
        var left = dictionary.Count;
        graph.WriteCount(left);
        foreach (DictionaryEntry entry in dictionary)
        {
            if (--left < 0 || !TryWriteInner(entry.Key, depth) || !TryWriteInner(entry.Value, depth))
            {
                return false;
            }
        }

        return left == 0;
    }

    private bool TryWriteMembers(OrderedDictionary? members, int depth)
    {
        for (var i = 0; i < members?.Count; i++)
        {
            if (!TryWriteInner(((PSNoteProperty)members[i]!).Value, depth))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWriteInner(object? value, int depth) => depth < ValueGraphReader.MaxDepth && System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()
        ? TryWrite(value, depth + 1)
        : throw new ValueNotSerializableException($"It is nested deeper than {ValueGraphReader.MaxDepth:N0} levels.", null);

    // Only what holds no object of its own: of any other, a part may be referred to from elsewhere in the value, which is a matter of
    // the engine's serialization as a whole. So is what two references lead to.
    private bool TrySerialize(object value, int depth)
    {
        var simple = value is PSObject wrapped && engine.IsPlain(wrapped) ? engine.Base(wrapped) : value;
        if (depth == 0 || !HoldsNoObjects(simple) || !serialized.Add(value))
        {
            return false;
        }

        graph.WriteClixml(EngineSerializer.Serialize(value));
        return true;
    }

    /// <summary>Finds the shapes of objects among those of former ones, by names that are most often the very same strings.</summary>
    private sealed class ShapeFinder
    {
        private readonly LastShapes known = new(16);

        /// <returns>Null when a member is more than a property with a value, or a name cannot be carried.</returns>
        public ValueShape? Find(IList<string> typeNames, OrderedDictionary? members)
        {
            for (var i = known.Count - 1; i >= 0; i--)
            {
                if (Matches(known[i], typeNames, members))
                {
                    return known[i];
                }
            }

            var names = new string[members?.Count ?? 0];
            for (var i = 0; i < names.Length; i++)
            {
                if (members![i] is not PSNoteProperty note || note.GetType() != typeof(PSNoteProperty))
                {
                    return null;
                }

                names[i] = note.Name;
            }

            var shape = ValueShape.TryCreate([.. typeNames], names);
            if (shape is not null)
            {
                known.Add(shape);
            }

            return shape;
        }

        private static bool Matches(ValueShape shape, IList<string> typeNames, OrderedDictionary? members)
        {
            if (shape.Names.Length != (members?.Count ?? 0) || shape.TypeNames.Length != typeNames.Count)
            {
                return false;
            }

            for (var i = 0; i < shape.Names.Length; i++)
            {
                if (members![i] is not PSNoteProperty note || note.GetType() != typeof(PSNoteProperty) || note.Name != shape.Names[i])
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
    }
}
