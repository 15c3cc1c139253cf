using System.Text;
using QueueLog.Wire;

namespace QueueLog.Pool.JobLog;

/// <summary>A graph as bytes that are the same in every process: the entries of a hashtable are sorted, and references have no numbers.</summary>
internal static class CanonicalGraph
{
    /// <exception cref="ProtocolException">The bytes are no graph.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> graph)
    {
        var writer = new ByteWriter(graph.Length + 64);
        var reader = new ValueGraphReader(graph);
        Append(ref reader, writer, new ValueShapeCache());
        return writer.Written;
    }

    private static void Append(ref ValueGraphReader reader, ByteWriter writer, ValueShapeCache shapes)
    {
        var kind = reader.ReadKind();
        writer.WriteByte((byte)kind);
        if (kind == ValueKind.Reference)
        {
            reader.ReadReference(int.MaxValue);
            return;
        }

        if (kind < ValueKind.Object)
        {
            AppendSimple(ref reader, writer, kind);
            return;
        }

        var shape = reader.ReadShape(shapes);
        writer.WriteText(shape.Encoded);
        switch (kind)
        {
            case ValueKind.Dictionary:
                AppendEntries(ref reader, writer, shapes);
                break;
            case ValueKind.Noted:
                Append(ref reader, writer, shapes);
                break;
            case not ValueKind.Object:
                var count = reader.ReadCount();
                writer.WriteVarInt(count);
                for (var i = 0; i < count; i++)
                {
                    Append(ref reader, writer, shapes);
                }

                break;
        }

        for (var i = 0; i < shape.Names.Length; i++)
        {
            Append(ref reader, writer, shapes);
        }
    }

    private static void AppendSimple(ref ValueGraphReader reader, ByteWriter writer, ValueKind kind)
    {
        var value = reader.ReadSimple(kind, out var clixml);
        if (clixml is null)
        {
            ValueCodec.TryWrite(writer, value, isNested: true);
        }
        else
        {
            writer.WriteText(Encoding.UTF8.GetBytes(CanonicalClixml.Of(clixml)));
        }
    }

    private static void AppendEntries(ref ValueGraphReader reader, ByteWriter writer, ValueShapeCache shapes)
    {
        var entries = new byte[reader.ReadCount()][];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = new ByteWriter(64);
            Append(ref reader, entry, shapes);
            Append(ref reader, entry, shapes);
            entries[i] = entry.Written.ToArray();
        }

        Array.Sort(entries, static (one, other) => one.AsSpan().SequenceCompareTo(other));
        writer.WriteVarInt(entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteBytes(entry);
        }
    }
}
