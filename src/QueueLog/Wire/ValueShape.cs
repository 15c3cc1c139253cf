using System.Text;

namespace QueueLog.Wire;

/// <summary>What objects of one form have in common: the names of their types and of their properties.</summary>
internal sealed class ValueShape
{
    private ValueShape(string[] typeNames, string[] names, byte[] encoded)
    {
        TypeNames = typeNames;
        Names = names;
        Encoded = encoded;
    }

    /// <summary>The names of its types, the most derived first; none where a simple value has those of its own type.</summary>
    public string[] TypeNames { get; }

    /// <summary>The names of its properties, in their order.</summary>
    public string[] Names { get; }

    public byte[] Encoded { get; }

    // shape = types:varint text* names:varint text*

    /// <summary>Makes a shape.</summary>
    /// <returns>Null when a name has unpaired surrogates, which UTF-8 cannot carry.</returns>
    public static ValueShape? TryCreate(string[] typeNames, string[] names)
    {
        var writer = new ByteWriter(256);
        foreach (var list in (string[][])[typeNames, names])
        {
            writer.WriteVarInt(list.Length);
            foreach (var name in list)
            {
                writer.WriteText(name);
            }
        }

        var encoded = writer.Written.ToArray();
        var read = Read(encoded);
        return read.TypeNames.AsSpan().SequenceEqual(typeNames) && read.Names.AsSpan().SequenceEqual(names) ? new ValueShape(typeNames, names, encoded) : null;
    }

    /// <exception cref="ProtocolException">The bytes are no shape.</exception>
    public static ValueShape Read(ReadOnlySpan<byte> encoded)
    {
        var reader = new SpanReader(encoded);
        var shape = new ValueShape(ReadNames(ref reader), ReadNames(ref reader), encoded.ToArray());
        return reader.Rest.IsEmpty ? shape : throw new ProtocolException($"A shape has {reader.Rest.Length} bytes too many.");
    }

    private static string[] ReadNames(ref SpanReader reader)
    {
        var count = reader.ReadVarInt();
        if (count > reader.Rest.Length)
        {
            throw new ProtocolException($"A shape of {count} names has {reader.Rest.Length} bytes left.");
        }

        var names = new string[count];
        for (var i = 0; i < count; i++)
        {
            names[i] = Encoding.UTF8.GetString(reader.ReadText());
        }

        return names;
    }
}
