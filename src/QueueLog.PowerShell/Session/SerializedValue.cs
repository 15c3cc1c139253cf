using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// Values that travel with a definition: as any other, but script blocks arrive as script blocks, also inside arrays and
/// dictionaries, where <c>Start-Job</c> would make text of them.
/// </summary>
internal static class SerializedValue
{
    // script = kind:u8 place utf8
    // list   = kind:u8 count:varint (length:varint value)*
    // table  = kind:u8 isordered:u8 count:varint (length:varint key length:varint value)*
    private const byte ScriptKind = 128;
    private const byte ListKind = 129;
    private const byte TableKind = 130;

    // Deeper than any sensible value; what refers to itself ends here too, and takes the engine's serialization.
    private const int Deepest = 8;

    /// <summary>Encodes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="blocks">Takes the script blocks in it.</param>
    /// <exception cref="ValueNotSerializableException">It cannot be done.</exception>
    public static byte[] ToBytes(object? value, List<ScriptBlock>? blocks = null)
    {
        var writer = new ByteWriter(64);
        Write(writer, value, blocks, 0);
        return writer.Detach();
    }

    /// <inheritdoc cref="ToBytes"/>
    public static void Write(ByteWriter writer, object? value) => Write(writer, value, null, 0);

    /// <summary>Decodes a value.</summary>
    /// <exception cref="ProtocolException">The bytes are no value.</exception>
    /// <exception cref="ParseException">A script block in it does not parse here.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] < ScriptKind)
        {
            return ValueSerializer.Read(bytes);
        }

        var reader = new SpanReader(bytes[1..]);
        switch (bytes[0])
        {
            case ScriptKind:
                var place = SessionCodec.ReadLocation(ref reader);
                return LocatedScript.ToValue(WorkCodec.ReadString(ref reader), place);
            case ListKind:
                var list = new object?[WorkCodec.ReadCount(ref reader)];
                for (var i = 0; i < list.Length; i++)
                {
                    list[i] = Read(WorkCodec.ReadBlob(ref reader));
                }

                return list;
            case TableKind:
                IDictionary table = reader.ReadByte() != 0 ? new OrderedDictionary(StringComparer.OrdinalIgnoreCase) : new Hashtable(StringComparer.OrdinalIgnoreCase);
                for (var left = WorkCodec.ReadCount(ref reader); left > 0; left--)
                {
                    var key = Read(WorkCodec.ReadBlob(ref reader));
                    table[key ?? throw new ProtocolException("A key is missing.")] = Read(WorkCodec.ReadBlob(ref reader));
                }

                return table;
            default:
                throw new ProtocolException($"A value has the unknown kind {bytes[0]}.");
        }
    }

    private static void Write(ByteWriter writer, object? value, List<ScriptBlock>? blocks, int depth)
    {
        switch (Unwrap(value))
        {
            case ScriptBlock block:
                blocks?.Add(block);
                writer.WriteByte(ScriptKind);
                SessionCodec.WriteLocation(writer, LocatedScript.LocationOf(block));
                writer.WriteText(block.ToString());
                break;
            case IDictionary table and (Hashtable or OrderedDictionary) when HasBlock(table, depth):
                writer.WriteByte(TableKind);
                writer.WriteByte(table is OrderedDictionary ? (byte)1 : (byte)0);
                writer.WriteVarInt(table.Count);
                foreach (DictionaryEntry entry in table)
                {
                    WritePart(writer, entry.Key, blocks, depth);
                    WritePart(writer, entry.Value, blocks, depth);
                }

                break;
            case IList list when HasBlock(list, depth):
                writer.WriteByte(ListKind);
                writer.WriteVarInt(list.Count);
                foreach (var part in list)
                {
                    WritePart(writer, part, blocks, depth);
                }

                break;
            default:
                ValueSerializer.Write(writer, value);
                break;
        }
    }

    private static void WritePart(ByteWriter writer, object? value, List<ScriptBlock>? blocks, int depth)
    {
        var part = new ByteWriter(64);
        Write(part, value, blocks, depth + 1);
        WorkCodec.WriteBlob(writer, part.Written);
    }

    // Only these kinds are looked through: a list of a million numbers would take longer to look through than to send.
    private static bool MayHaveBlock(object? value) => value is Hashtable or OrderedDictionary or object[] or ArrayList or List<object> or List<ScriptBlock> or ScriptBlock[];

    private static bool HasBlock(object value, int depth) => depth < Deepest && MayHaveBlock(value) && HasBlock(value, null);

    private static bool HasBlock(object value, HashSet<object>? seen)
    {
        foreach (var part in value is IDictionary table ? table.Values : (ICollection)value)
        {
            var inner = Unwrap(part);
            if (inner is ScriptBlock)
            {
                return true;
            }

            // Remembered only where there is something within something: most tables have none.
            if (MayHaveBlock(inner) && (seen ??= new HashSet<object>(ReferenceEqualityComparer.Instance) { value }).Add(inner!) && HasBlock(inner!, seen))
            {
                return true;
            }
        }

        return false;
    }

    private static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
