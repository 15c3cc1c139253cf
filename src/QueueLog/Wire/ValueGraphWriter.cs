namespace QueueLog.Wire;

/// <summary>Encodes an object graph; the grammar stands at <see cref="ValueGraphReader"/>. Reused from one graph to the next.</summary>
internal sealed class ValueGraphWriter
{
    private readonly Dictionary<object, int> nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ValueShape, int> shapes = new(ReferenceEqualityComparer.Instance);
    private ByteWriter writer = new(0);

    // The first object of a graph, which is often the only one; further ones go into the table.
    private object? first;
    private int count;

    /// <summary>Begins a graph.</summary>
    public void Begin(ByteWriter output)
    {
        writer = output;
        nodes.Clear();
        shapes.Clear();
        first = null;
        count = 0;
    }

    /// <summary>Lets go of what was written.</summary>
    public void End() => Begin(writer);

    /// <summary>Writes a simple value.</summary>
    /// <returns>False when it is none; nothing is written then.</returns>
    public bool TryWriteSimple(object? value) => ValueCodec.TryWrite(writer, value, isNested: true);

    public void WriteClixml(string xml) => ValueCodec.WriteClixml(writer, xml, isNested: true);

    /// <summary>Writes a reference to an object that the graph has already.</summary>
    /// <returns>False when it has not.</returns>
    public bool TryWriteReference(object node)
    {
        var number = first == node ? 0 : -1;
        if (number < 0 && !nodes.TryGetValue(node, out number))
        {
            return false;
        }

        writer.WriteByte((byte)ValueKind.Reference);
        writer.WriteVarInt(number);
        return true;
    }

    /// <summary>Begins an object. Its body follows: the number of entries and these, or the simple value, and then the values of its properties.</summary>
    public void BeginNode(ValueKind kind, object node, ValueShape shape)
    {
        if (count == 0)
        {
            first = node;
        }
        else
        {
            nodes.Add(node, count);
        }

        count++;
        WriteHead(kind, shape);
    }

    /// <summary>Writes a value of an enumeration, which nothing refers to.</summary>
    /// <param name="shape">The names of its types.</param>
    /// <param name="number">Its number.</param>
    /// <param name="text">Its name.</param>
    public void WriteEnum(ValueShape shape, object number, string text)
    {
        WriteHead(ValueKind.Enum, shape);
        TryWriteSimple(number);
        TryWriteSimple(text);
    }

    /// <summary>Writes the numbers of a <see cref="ValueKind.Block"/>.</summary>
    public void WriteBlock(ValueKind kind, ReadOnlySpan<byte> numbers)
    {
        writer.WriteByte((byte)kind);
        writer.WriteVarInt(numbers.Length / ValueBlock.SizeOf(kind));
        writer.WriteBytes(numbers);
    }

    /// <summary>Writes how many entries follow.</summary>
    public void WriteCount(int entries) => writer.WriteVarInt(entries);

    /// <summary>Writes a shape alone.</summary>
    /// <returns>True.</returns>
    public bool WriteShape(ValueShape shape)
    {
        if (shapes.TryGetValue(shape, out var number))
        {
            writer.WriteVarInt(number);
            return true;
        }

        shapes.Add(shape, shapes.Count + 1);
        writer.WriteVarInt(0);
        writer.WriteText(shape.Encoded);
        return true;
    }

    private void WriteHead(ValueKind kind, ValueShape shape)
    {
        writer.WriteByte((byte)kind);
        WriteShape(shape);
    }
}
