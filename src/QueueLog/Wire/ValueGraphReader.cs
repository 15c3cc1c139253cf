namespace QueueLog.Wire;

/// <summary>Decodes an object graph, one element after the other.</summary>
internal ref struct ValueGraphReader
{
    // graph   = node
    // node    = Object shape value*                       a value for each name of the shape
    //         | (List | Stack | Queue) shape count:varint value{count} value*
    //         | Dictionary shape count:varint (value value){count} value*        key and value
    //         | Noted shape simple value*
    //         | Block shape kind:u8 count:varint number{count} value*             numbers of one kind, as in ValueCodec
    //         | Enum shape number text                            as simple values; the shape has the names of its types alone
    //         | Flattened shape text flag value* shape value*     the text (or Null), True where it has properties of what it wraps; these, and then those it has beside
    //         | Reference number:varint                   the object that was begun as that one in the graph, counted from 0
    // value   = node | simple | Clixml                    with their lengths, see ValueCodec
    // shape   = 0 text | number:varint                    a new one (see ValueShape), or the one that came as that one, counted from 1
    // A reference may lead to an object that has not ended yet.

    /// <summary>Deeper graphs are refused on both sides.</summary>
    public const int MaxDepth = 1_024;

    private SpanReader reader;
    private List<ValueShape>? shapes;

    public ValueGraphReader(ReadOnlySpan<byte> bytes) => reader = new SpanReader(bytes);

    public readonly bool IsAtEnd => reader.Rest.IsEmpty;

    /// <exception cref="ProtocolException">The graph has ended.</exception>
    public ValueKind ReadKind() => (ValueKind)reader.ReadByte();

    /// <summary>Reads the body of a simple value, or of a serialized one.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public object? ReadSimple(ValueKind kind, out string? clixml) => ValueCodec.ReadBody(ref reader, kind, isNested: true, out clixml);

    /// <summary>Reads how many entries follow.</summary>
    /// <exception cref="ProtocolException">There is no room for so many.</exception>
    public int ReadCount()
    {
        var count = reader.ReadVarInt();
        return count <= reader.Rest.Length ? count : throw new ProtocolException($"A list of {count} entries has {reader.Rest.Length} bytes left.");
    }

    /// <summary>Reads numbers of one kind.</summary>
    /// <exception cref="ProtocolException">There are no such, or fewer.</exception>
    public ReadOnlySpan<byte> ReadBlock(out ValueKind kind)
    {
        kind = ReadKind();
        var length = (long)ValueBlock.SizeOf(kind) * reader.ReadVarInt();
        return length <= reader.Rest.Length ? reader.Take((int)length) : throw new ProtocolException($"A block of {length} bytes has {reader.Rest.Length} bytes left.");
    }

    /// <summary>Reads the number of an object.</summary>
    /// <exception cref="ProtocolException">There are not so many.</exception>
    public int ReadReference(int known)
    {
        var number = reader.ReadVarInt();
        return number < known ? number : throw new ProtocolException($"A reference leads to object {number} of {known}.");
    }

    /// <summary>Reads a shape.</summary>
    /// <param name="cache">Knows those of former graphs.</param>
    /// <exception cref="ProtocolException">It is none.</exception>
    public ValueShape ReadShape(ValueShapeCache cache)
    {
        var number = reader.ReadVarInt();
        if (number > 0)
        {
            return number <= (shapes?.Count ?? 0) ? shapes![number - 1] : throw new ProtocolException($"There is no shape {number}.");
        }

        var shape = cache.Find(reader.ReadText());
        (shapes ??= []).Add(shape);
        return shape;
    }
}

/// <summary>The shapes that were read last, by their bytes. For one thread.</summary>
internal sealed class ValueShapeCache
{
    private readonly LastShapes shapes = new(64);

    /// <summary>Finds a shape, or reads it.</summary>
    /// <exception cref="ProtocolException">The bytes are no shape.</exception>
    public ValueShape Find(ReadOnlySpan<byte> encoded)
    {
        for (var i = shapes.Count - 1; i >= 0; i--)
        {
            if (encoded.SequenceEqual(shapes[i].Encoded))
            {
                return shapes[i];
            }
        }

        var shape = ValueShape.Read(encoded);
        shapes.Add(shape);
        return shape;
    }
}
