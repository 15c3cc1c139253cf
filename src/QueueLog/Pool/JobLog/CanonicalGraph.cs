using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Pool.JobLog;

/// <summary>
/// A graph as bytes that are the same in every process. Each object stands for itself and for every reference to it by the hash of its
/// own bytes, since which of two places has the object follows the order of a hashtable's entries; and these are sorted. Of a file or
/// folder it has the path and what was added to it, for reading a file changes the time of its last access.
/// </summary>
internal sealed class CanonicalGraph
{
    // What the engine and its file provider give every file.
    private static readonly HashSet<string> FileMembers =
    [
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer", "UnixStat", "UnixMode", "User", "Group", "Size", "Mode", "ModeWithoutHardLink",
        "VersionInfo", "BaseName", "ResolvedTarget", "Target", "LinkType", "NameString", "LengthString", "LastWriteTimeString",
    ];

    private readonly ValueShapeCache shapes = new();

    // By the numbers of the objects; null for one that has not ended yet, whose level a reference to it tells.
    private readonly List<(byte[]? Hash, int Level)> nodes = [];

    private CanonicalGraph()
    {
    }

    /// <exception cref="ProtocolException">The bytes are no graph.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> graph)
    {
        var writer = new ByteWriter(64);
        var reader = new ValueGraphReader(graph);
        new CanonicalGraph().Append(ref reader, writer, 0);
        return writer.Written;
    }

    private void Append(ref ValueGraphReader reader, ByteWriter writer, int level)
    {
        var kind = reader.ReadKind();
        if (kind == ValueKind.Reference)
        {
            var (hash, open) = nodes[reader.ReadReference(nodes.Count)];
            writer.WriteByte((byte)kind);
            writer.WriteBytes(hash ?? BitConverter.GetBytes(level - open));
        }
        else if (kind == ValueKind.Enum)
        {
            writer.WriteByte((byte)kind);
            writer.WriteText(reader.ReadShape(shapes).Encoded);
            AppendSimple(ref reader, writer, reader.ReadKind());
            AppendSimple(ref reader, writer, reader.ReadKind());
        }
        else if (kind < ValueKind.Object)
        {
            AppendSimple(ref reader, writer, kind);
        }
        else
        {
            var number = nodes.Count;
            nodes.Add((null, level));
            var hash = HashNode(ref reader, kind, level);
            nodes[number] = (hash, level);
            writer.WriteByte((byte)ValueKind.Reference);
            writer.WriteBytes(hash);
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
            ValueCodec.WriteClixml(writer, CanonicalClixml.Of(clixml), isNested: true);
        }
    }

    private byte[] HashNode(ref ValueGraphReader reader, ValueKind kind, int level)
    {
        var shape = reader.ReadShape(shapes);
        var node = new ByteWriter(256);
        ByteWriter? file = null;
        node.WriteByte((byte)kind);
        node.WriteText(shape.Encoded);
        if (kind == ValueKind.Block)
        {
            node.WriteBytes(reader.ReadBlock(out var numbers));
            node.WriteByte((byte)numbers);
        }

        if (kind == ValueKind.Flattened)
        {
            AppendSimple(ref reader, node, reader.ReadKind());
            AppendSimple(ref reader, node, reader.ReadKind());
            file = shape.TypeNames is ["System.IO.FileInfo" or "System.IO.DirectoryInfo", ..] ? new ByteWriter(256) : null;
            AppendAll(ref reader, node, shape.Names, level, name => name == "FullName" ? file : null);
            shape = reader.ReadShape(shapes);
            node.WriteText(shape.Encoded);
            AppendAll(ref reader, node, shape.Names, level, name => FileMembers.Contains(name) ? null : file);
            return SHA256.HashData((file ?? node).Written);
        }

        var entries = kind is ValueKind.Object or ValueKind.Block ? 0 : kind is ValueKind.Noted ? 1 : reader.ReadCount();
        if (kind == ValueKind.Dictionary)
        {
            AppendEntries(ref reader, node, entries, level, isOrdered: shape.TypeNames is [var first, ..] && first.EndsWith(typeof(OrderedDictionary).FullName!, StringComparison.Ordinal));
            entries = 0;
        }

        node.WriteVarInt(entries);
        for (var i = 0; i < entries + shape.Names.Length; i++)
        {
            Append(ref reader, node, level + 1);
        }

        return SHA256.HashData(node.Written);
    }

    // Some also stand alone.
    private void AppendAll(ref ValueGraphReader reader, ByteWriter writer, string[] names, int level, Func<string, ByteWriter?> also)
    {
        foreach (var name in names)
        {
            var start = writer.Length;
            Append(ref reader, writer, level + 1);
            if (also(name) is { } other)
            {
                other.WriteText(Encoding.UTF8.GetBytes(name));
                other.WriteBytes(writer.Written[start..]);
            }
        }
    }

    private void AppendEntries(ref ValueGraphReader reader, ByteWriter writer, int count, int level, bool isOrdered)
    {
        var entries = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var entry = new ByteWriter(64);
            Append(ref reader, entry, level + 1);
            Append(ref reader, entry, level + 1);
            entries.Add(entry.Written.ToArray());
        }

        if (!isOrdered)
        {
            entries.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        }

        writer.WriteVarInt(count);
        entries.ForEach(entry => writer.WriteBytes(entry));
    }
}
