using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>Makes of a graph the objects that the engine would make of its own serialization of the same. For one thread.</summary>
/// <param name="engine">The inside of the engine's objects.</param>
internal sealed class ObjectGraphReader(EngineObject engine)
{
    // Entries that room is made for before they are there: how many there are said to be may be a lie.
    private const int LargestRoom = 1024;

    private readonly ValueShapeCache shapes = new();
    private readonly DeserializedTypeNames typeNames = new(engine);
    private readonly ConditionalWeakTable<ValueShape, Type> enums = new();
    private readonly List<object> nodes = [];

    /// <summary>Decodes a value.</summary>
    /// <exception cref="ProtocolException">The bytes are no graph.</exception>
    public object? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new ValueGraphReader(bytes);
            var value = Read(ref reader, 0);
            return reader.IsAtEnd ? value : throw new ProtocolException("A graph has bytes behind its end.");
        }
        catch (Exception e) when (e is not (ProtocolException or PipelineStoppedException or OutOfMemoryException))
        {
            // What types of the session do when their objects are brought back to life.
            throw new ProtocolException($"A value cannot be read: {e.Message}");
        }
        finally
        {
            nodes.Clear();
        }
    }

    private object? Read(ref ValueGraphReader reader, int depth)
    {
        if (depth > ValueGraphReader.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ProtocolException($"A graph is deeper than {ValueGraphReader.MaxDepth} levels.");
        }

        var kind = reader.ReadKind();
        switch (kind)
        {
            case ValueKind.Object:
                return ReadBag(ref reader, depth);
            case ValueKind.List or ValueKind.Stack or ValueKind.Queue:
                return ReadList(ref reader, kind, depth);
            case ValueKind.Block:
                return ReadBlock(ref reader, depth);
            case ValueKind.Dictionary:
                return ReadDictionary(ref reader, depth);
            case ValueKind.Noted:
                return ReadNoted(ref reader, depth);
            case ValueKind.Flattened:
                return ReadFlattened(ref reader, depth);
            case ValueKind.Enum:
                return ReadEnum(ref reader);
            case ValueKind.Reference:
                return nodes[reader.ReadReference(nodes.Count)];
            default:
                var value = reader.ReadSimple(kind, out var clixml);
                return clixml is null ? value : EngineSerializer.Deserialize(clixml);
        }
    }

    private object ReadBag(ref ValueGraphReader reader, int depth)
    {
        var shape = reader.ReadShape(shapes);
        return Complete(ref reader, new PSObject(), shape, nodes.Count, depth, wrapped: null);
    }

    private object ReadList(ref ValueGraphReader reader, ValueKind kind, int depth)
    {
        var shape = reader.ReadShape(shapes);
        var count = reader.ReadCount();
        var list = new ArrayList(Math.Min(count, LargestRoom));
        ICollection container = kind switch { ValueKind.Stack => new Stack(), ValueKind.Queue => new System.Collections.Queue(), _ => list };
        var number = nodes.Count;
        var wrapped = new PSObject(container);
        nodes.Add(wrapped);
        for (var i = 0; i < count; i++)
        {
            list.Add(Read(ref reader, depth + 1));
        }

        for (var i = 0; i < count && container != list; i++)
        {
            if (container is Stack stack)
            {
                stack.Push(list[count - 1 - i]);
            }
            else
            {
                ((System.Collections.Queue)container).Enqueue(list[i]);
            }
        }

        return Complete(ref reader, wrapped, shape, number, depth, container);
    }

    private object ReadBlock(ref ValueGraphReader reader, int depth)
    {
        var shape = reader.ReadShape(shapes);
        var numbers = reader.ReadBlock(out var kind);
        var list = ValueBlock.Read(kind, numbers);
        return Complete(ref reader, new PSObject(list), shape, nodes.Count, depth, list);
    }

    private object ReadDictionary(ref ValueGraphReader reader, int depth)
    {
        var shape = reader.ReadShape(shapes);
        var count = reader.ReadCount();
        var isOrdered = shape.TypeNames is [var first, ..] && DeserializedTypeNames.WithoutPrefix(first) == typeof(OrderedDictionary).FullName;
        var entries = new EntryTable(isOrdered);
        var number = nodes.Count;
        var wrapped = new PSObject(entries.Dictionary);
        nodes.Add(wrapped);
        for (var i = 0; i < count; i++)
        {
            var key = Read(ref reader, depth + 1) ?? throw new ProtocolException("A dictionary has an entry without a key.");
            entries.Add(key, Read(ref reader, depth + 1));
        }

        if (wrapped.BaseObject != entries.Dictionary)
        {
            engine.SetBase(wrapped, entries.Dictionary);
        }

        return Complete(ref reader, wrapped, shape, number, depth, entries.Dictionary);
    }

    private object ReadFlattened(ref ValueGraphReader reader, int depth)
    {
        var shape = reader.ReadShape(shapes);
        var value = new PSObject();
        var number = nodes.Count;
        nodes.Add(value);
        typeNames.SetFlattened(value, shape);
        var members = engine.NewMembers(value, 4);
        if (reader.ReadSimple(reader.ReadKind(), out _) is string text)
        {
            engine.Properties.SetText(value, members, text);
        }

        var adapted = reader.ReadSimple(reader.ReadKind(), out _) is true ? engine.Properties.NewAdapted(value, members, Math.Min(shape.Names.Length, LargestRoom)) : null;
        foreach (var name in shape.Names)
        {
            var property = engine.Properties.NewProperty(name, Read(ref reader, depth + 1));
            if (adapted is not null)
            {
                adapted[name] = property;
            }
        }

        var extended = reader.ReadShape(shapes);
        typeNames.Announce(extended);
        foreach (var name in extended.Names)
        {
            members[name] = new PSNoteProperty(name, Read(ref reader, depth + 1));
        }

        return Finish(value, number);
    }

    private object ReadEnum(ref ValueGraphReader reader)
    {
        var shape = reader.ReadShape(shapes);
        var number = reader.ReadSimple(reader.ReadKind(), out _);
        if (number is not (int or uint or long or ulong or short or ushort or byte or sbyte) || reader.ReadSimple(reader.ReadKind(), out _) is not string text)
        {
            throw new ProtocolException("A value of an enumeration is no number with a name.");
        }

        if (!enums.TryGetValue(shape, out var type) && shape.TypeNames is [var name, ..] && new PSTypeName(name).Type is { IsEnum: true } found)
        {
            type = found;
            if (!type.Assembly.IsDynamic)
            {
                // One that a script defines may be defined anew.
                enums.Add(shape, type);
            }
        }

        return type is not null && Enum.GetUnderlyingType(type) == number.GetType() ? Enum.ToObject(type, number) : EngineSerializer.FlattenEnum(shape.TypeNames, number, text);
    }

    private object ReadNoted(ref ValueGraphReader reader, int depth)
    {
        var shape = reader.ReadShape(shapes);
        var kind = reader.ReadKind();
        var number = nodes.Count;
        var simple = kind < ValueKind.Object ? reader.ReadSimple(kind, out var clixml) : throw new ProtocolException($"A simple value has the kind {kind}.");
        return simple is null ? throw new ProtocolException($"A simple value of kind {kind} has properties.") : Complete(ref reader, new PSObject(simple), shape, number, depth, simple);
    }

    /// <summary>Reads what all objects have: the names of their types, and their properties.</summary>
    private object Complete(ref ValueGraphReader reader, PSObject value, ValueShape shape, int number, int depth, object? wrapped)
    {
        if (number == nodes.Count)
        {
            nodes.Add(value);
        }

        typeNames.Set(value, shape);
        if (shape.Names.Length > 0)
        {
            var members = wrapped is null ? engine.NewMembers(value, Math.Min(shape.Names.Length, LargestRoom)) : null;
            foreach (var name in shape.Names)
            {
                var property = new PSNoteProperty(name, Read(ref reader, depth + 1));
                if (members is null)
                {
                    value.Properties.Add(property, preValidated: true);
                    continue;
                }

                try
                {
                    members.Add(name, property);
                }
                catch (ArgumentException)
                {
                    throw new ProtocolException($"An object has two properties {name}.");
                }
            }
        }

        return Finish(value, number);
    }

    private object Finish(PSObject value, int number)
    {
        var result = Revive(value);
        if (result != value)
        {
            nodes[number] = result;
        }

        return result;
    }

    // The session's types may say that objects of a type are made anew of what has come.
    private object Revive(PSObject value)
    {
        if (engine.TargetType(value) is not { } target)
        {
            return value;
        }

        try
        {
            return LanguagePrimitives.ConvertTo(value, target, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidCastException or ArgumentException)
        {
            return value;
        }
    }
}
