using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Numerics;
using System.Security;
using System.Xml;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// Encodes objects as a graph, which takes a tenth of the time of the engine's own serialization and gives the same result. What has a
/// serialization of its own takes the engine's way, as a whole with all that holds it. For one thread.
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
        graph.Begin(writer);
        try
        {
            return TryWrite(value, 0, 1);
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

    // Simple values that the engine does not know as such.
    private static bool IsMoreThanPrimitive(object value) =>
        value is BigInteger or DateTimeOffset or DateOnly or TimeOnly or Half or Int128 or UInt128 or Index or IPAddress or MailAddress or Enum;

    private static bool HasOwnSerialization(object value) =>
        value is ErrorRecord or InformationalRecord or ProgressRecord or IEnumerable
        || value.GetType().FullName is "Microsoft.Management.Infrastructure.CimInstance" or "System.Management.Automation.Remoting.PSSenderInfo" || LanguagePrimitives.GetEnumerable(value) is not null;

    private static ValueKind? ContainerKind(object value) => value switch
    {
        // A simple value, though a list.
        byte[] => null,
        IDictionary => ValueKind.Dictionary,
        Stack => ValueKind.Stack,
        System.Collections.Queue => ValueKind.Queue,
        IList => ValueKind.List,
        _ when !value.GetType().IsGenericType => null,
        _ when value.GetType().GetGenericTypeDefinition() == typeof(Stack<>) => ValueKind.Stack,
        _ when value.GetType().GetGenericTypeDefinition() == typeof(Queue<>) => ValueKind.Queue,
        _ => null,
    };

    // The reach is how many levels of objects are to keep their properties; beyond it an object is its text, and only collections go on.
    private bool TryWrite(object? value, int depth, int reach)
    {
        if (value is not PSObject wrapped)
        {
            return reach == 0 && value is not null && IsMoreThanPrimitive(value)
                ? TryWriteObject(value, new PSObject(value), depth, reach)
                : graph.TryWriteSimple(value) || TryWriteEnum(value!)
                    || (TryWriteContainer(value!, null, depth, reach) ?? (HoldsNoObjects(value!) ? TrySerialize(value!, depth) : TryWriteObject(value!, PSObject.AsPSObject(value!), depth, reach)));
        }

        if (graph.TryWriteReference(wrapped))
        {
            return true;
        }

        var wrappedValue = engine.Base(wrapped);
        if (wrappedValue is PSCustomObject)
        {
            return engine.IsFlattened(wrapped) ? TryWriteObject(wrapped, wrapped, depth, reach) : TryWriteBag(wrapped, depth, reach);
        }

        if (engine.IsFlattened(wrapped) || wrappedValue is PSObject)
        {
            return TrySerialize(wrapped, depth);
        }

        if (TryWriteContainer(wrappedValue, wrapped, depth, reach) is { } written)
        {
            return written;
        }

        if (!engine.Properties.IsPrimitive(wrappedValue.GetType()) && (reach == 0 || !IsMoreThanPrimitive(wrappedValue)))
        {
            return TryWriteObject(wrapped, wrapped, depth, reach);
        }

        // A simple value as it is, unless there is more to it.
        if (engine.HasTokenText(wrapped) || !engine.HasOwnTypes(wrapped))
        {
            return TrySerialize(wrapped, depth);
        }

        var members = engine.Members(wrapped);
        return members is null
            ? graph.TryWriteSimple(wrappedValue) || TryWriteEnum(wrappedValue) || TrySerialize(wrapped, depth)
            : TryWriteNoted(wrapped, wrappedValue, members, depth, reach);
    }

    private bool TryWriteEnum(object value)
    {
        if (value is not Enum named || shapes.Find(engine.TypeNames(new PSObject(value)), Array.Empty<string>()) is not { } shape)
        {
            return false;
        }

        graph.WriteEnum(shape, Convert.ChangeType(named, named.GetTypeCode(), CultureInfo.InvariantCulture), named.ToString());
        return true;
    }

    private bool TryWriteBag(PSObject bag, int depth, int reach)
    {
        var members = engine.Members(bag);
        if (reach == 0 || engine.TypeData(bag).Members is not null || shapes.Find(engine.TypeNames(bag), members) is not { } shape)
        {
            return TryWriteObject(bag, bag, depth, reach);
        }

        graph.BeginNode(ValueKind.Object, bag, shape);
        return TryWriteMembers(members, depth, reach);
    }

    private bool TryWriteNoted(PSObject wrapped, object simple, OrderedDictionary members, int depth, int reach)
    {
        if (shapes.Find(Array.Empty<string>(), members) is not { } shape)
        {
            return false;
        }

        graph.BeginNode(ValueKind.Noted, wrapped, shape);
        return graph.TryWriteSimple(simple) && TryWriteMembers(members, depth, reach);
    }

    private bool TryWriteObject(object source, PSObject own, int depth, int reach)
    {
        var inner = engine.Base(own);
        var types = engine.TypeData(own);
        if (source != own && graph.TryWriteReference(source))
        {
            return true;
        }

        reach = types.Depth > 0 ? types.Depth : inner is PSCredential or SwitchParameter ? 1 : reach;
        if (HasOwnSerialization(inner) || types.HasText || (types.HasForm && reach > 0))
        {
            return false;
        }

        if (reach == 0)
        {
            return TryWriteText(own, depth);
        }

        // Its text first, as the engine does: reading properties may change it.
        var isBag = inner is PSCustomObject && !engine.IsFlattened(own);
        var text = inner is PSCustomObject ? engine.FlattenedText(own) : EngineProperties.Text(own);
        var adapted = new PropertyValues();
        var hasAdapted = !isBag && engine.Properties.ReadAdapted(own, adapted);
        var extended = new PropertyValues();
        var members = engine.Members(own);
        if (!EngineProperties.TryReadOwn(members, extended) || !engine.Properties.TryReadTypes(own, types.Members, members, extended)
            || shapes.Find(engine.TypeNames(own), adapted.Names) is not { } shape || shapes.Find(Array.Empty<string>(), extended.Names) is not { } extendedShape)
        {
            return false;
        }

        graph.BeginNode(ValueKind.Flattened, source, shape);
        return graph.TryWriteSimple(text) && graph.TryWriteSimple(hasAdapted)
            && TryWriteProperties(adapted, depth, reach) && graph.WriteShape(extendedShape) && TryWriteProperties(extended, depth, reach);
    }

    // What its types and its own properties are goes with the text. One that is nothing but its properties can be referred to also when it has none.
    private bool TryWriteText(PSObject own, int depth)
    {
        var text = EngineProperties.Text(own);
        if (engine.IsPlain(own) && engine.Base(own) is not PSCustomObject)
        {
            return graph.TryWriteSimple(text);
        }

        var properties = new PropertyValues();
        return text is not null && engine.HasOwnTypes(own) && !engine.HasTokenText(own) && !engine.IsFlattened(own) && EngineProperties.TryReadOwn(engine.Members(own), properties)
            && TryWriteNoted(own, text, properties, depth);
    }

    private bool TryWriteNoted(PSObject own, string text, PropertyValues properties, int depth)
    {
        if (shapes.Find(Array.Empty<string>(), properties.Names) is not { } shape)
        {
            return false;
        }

        graph.BeginNode(ValueKind.Noted, own, shape);
        return graph.TryWriteSimple(text) && TryWriteProperties(properties, depth, 0);
    }

    private bool TryWriteProperties(PropertyValues properties, int depth, int reach)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            var (value, isOwn) = properties[i];
            if (!TryWriteInner(value, depth, isOwn ? reach : reach - 1))
            {
                return false;
            }
        }

        return true;
    }

    // Of a collection that is no list, the properties are kept too, except where all that is left of objects is their texts.
    private static bool IsBareCollection(object container, int reach) => reach == 0 && container is ICollection and not byte[];

    /// <returns>Null when it is none.</returns>
    private bool? TryWriteContainer(object container, PSObject? wrapped, int depth, int reach)
    {
        var known = ContainerKind(container);
        if (known is null && !IsBareCollection(container, reach))
        {
            return null;
        }

        if (wrapped is null && graph.TryWriteReference(container))
        {
            return true;
        }

        var own = wrapped ?? new PSObject(container);
        var types = engine.TypeData(own);
        reach = types.Depth > 0 ? types.Depth : reach;
        var members = wrapped is null || reach == 0 ? null : engine.Members(wrapped);
        if (types.HasForm || (known is null && reach > 0) || shapes.Find(engine.TypeNames(own), members) is not { } shape)
        {
            return false;
        }

        var kind = known ?? ValueKind.List;
        if (kind == ValueKind.List && ValueBlock.TryGet(container, out var numberKind, out var numbers))
        {
            graph.BeginNode(ValueKind.Block, wrapped ?? container, shape);
            graph.WriteBlock(numberKind, numbers);
            return TryWriteMembers(members, depth, reach);
        }

        graph.BeginNode(kind, wrapped ?? container, shape);
        return (kind == ValueKind.Dictionary ? TryWriteEntries((IDictionary)container, depth, reach) : TryWriteElements((ICollection)container, depth, reach))
            && TryWriteMembers(members, depth, reach);
    }

    private bool TryWriteElements(ICollection elements, int depth, int reach)
    {
        var left = elements.Count;
        graph.WriteCount(left);
        foreach (var element in elements)
        {
            if (--left < 0 || !TryWriteInner(element, depth, reach))
            {
                return false;
            }
        }

        return left == 0;
    }

    private bool TryWriteEntries(IDictionary dictionary, int depth, int reach)
    {
        var left = dictionary.Count;
        graph.WriteCount(left);
        foreach (DictionaryEntry entry in dictionary)
        {
            if (--left < 0 || !TryWriteInner(entry.Key, depth, reach) || !TryWriteInner(entry.Value, depth, reach))
            {
                return false;
            }
        }

        return left == 0;
    }

    private bool TryWriteMembers(OrderedDictionary? members, int depth, int reach)
    {
        for (var i = 0; i < members?.Count; i++)
        {
            if (!TryWriteInner(((PSNoteProperty)members[i]!).Value, depth, reach))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWriteInner(object? value, int depth, int reach) => depth < ValueGraphReader.MaxDepth && System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()
        ? TryWrite(value, depth + 1, reach)
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
}
