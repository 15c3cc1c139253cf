using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>
/// Writes a record's template into an object of the compact format. Readers of that format make the message of <c>@mt</c> and the properties
/// beside it, whatever <c>@m</c> says: so it is written in such a way that this is the record's message, and elsewhere where there is no such way.
/// Not thread-safe.
/// </summary>
// In @mt, holes have the names that their properties are written under. A hole filled with a text gets the format l. Where readers cannot
// know what a hole is filled with, it gets a format, and @r says it. FromCompact takes all that away again.
internal sealed class CompactTemplate
{
    /// <summary>The name under which a template is written that readers would make another message of.</summary>
    public const string OtherName = "MessageTemplate";

    private const int MostHoles = 64;

    // Templates are mostly filled with the same kinds of values.
    private readonly CachedText written = new();
    private ulong writtenFor;

    public void Append(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.Template.IsEmpty)
        {
            return;
        }

        var isFollowed = TryFollow(in record, out var literals, out var needsRenderings);
        if (!isFollowed)
        {
            JsonFormatter.AppendText(ref entry, ",\"MessageTemplate\":\""u8, record.Template);
            return;
        }

        if (writtenFor != literals || !written.TryAppend(ref entry, record.Template))
        {
            var start = entry.Length;
            AppendTemplate(ref entry, record.Template, literals);
            written.Keep(record.Template, entry.WrittenFrom(start));
            writtenFor = literals;
        }

        if (needsRenderings)
        {
            AppendRenderings(ref entry, in record);
        }
    }

    /// <summary>Undoes what was done to a template.</summary>
    /// <param name="template">What stands in a file.</param>
    /// <param name="output">Takes the template, if it is another one.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryRestore(scoped ReadOnlySpan<byte> template, ByteWriter output)
    {
        if (template.IndexOf("{_"u8) < 0 && template.IndexOf(":l}"u8) < 0)
        {
            return false;
        }

        while (!template.IsEmpty)
        {
            var brace = template.IndexOf((byte)'{');
            if (brace < 0)
            {
                break;
            }

            output.WriteBytes(template[..brace]);
            template = template[brace..];
            if (!template.StartsWith("{{"u8) && CompactHole.TryRead(template, out var hole))
            {
                output.WriteBytes(hole.Text[..hole.NameStart]);
                output.WriteBytes(hole.Name is [(byte)'_', ..] && JsonFormatter.Reserved.Holds(hole.Name) ? hole.Name[1..] : hole.Name);
                output.WriteBytes(hole.Format is [(byte)'l'] ? hole.Text[hole.NameEnd..^3] : hole.Text[hole.NameEnd..^1]);
                output.WriteByte((byte)'}');
                template = template[hole.Text.Length..];
            }
            else
            {
                var length = template.StartsWith("{{"u8) ? 2 : 1;
                output.WriteBytes(template[..length]);
                template = template[length..];
            }
        }

        output.WriteBytes(template);
        return true;
    }

    // A bit in literals for each hole that gets the format l.
    private static bool TryFollow(scoped in RecordView record, out ulong literals, out bool needsRenderings)
    {
        literals = 0;
        needsRenderings = false;
        var rendering = new CompactRendering(record.Message, record.ReadProperties());
        var rest = record.Template;
        for (var index = 0; !rest.IsEmpty;)
        {
            var length = LiteralLength(rest);
            if (!rendering.TryLiteral(rest[..length]))
            {
                return false;
            }

            rest = rest[length..];
            if (rest.IsEmpty)
            {
                break;
            }

            if (rest.StartsWith("{{"u8) || rest.StartsWith("}}"u8))
            {
                if (!rendering.TryLiteral(rest[..1]))
                {
                    return false;
                }

                rest = rest[2..];
                continue;
            }

            // A brace alone, and a hole that not everybody takes for one, are read in different ways. And l is ours to be taken away again.
            if (index == MostHoles || rest[0] == '}' || !CompactHole.TryRead(rest, out var hole) || hole.Format is [(byte)'l'] || !rendering.TryHole(in hole, JsonFormatter.Reserved.Holds(hole.Name), out var filling, out _))
            {
                return false;
            }

            literals |= filling != HoleFilling.Plain && hole.Format.IsEmpty ? 1UL << index : 0;
            needsRenderings |= filling == HoleFilling.Rendered;
            rest = rest[hole.Text.Length..];
            index++;
        }

        return rendering.IsAtEnd;
    }

    private static void AppendTemplate(ref EntryWriter entry, scoped ReadOnlySpan<byte> rest, ulong literals)
    {
        entry.Append(",\"@mt\":\""u8);
        for (var index = 0; !rest.IsEmpty;)
        {
            var length = LiteralLength(rest);
            length = rest[length..].StartsWith("{{"u8) || rest[length..].StartsWith("}}"u8) ? length + 2 : length;
            entry.AppendQuoted(rest[..length]);
            rest = rest[length..];
            if (rest is [(byte)'{', not (byte)'{', ..] && CompactHole.TryRead(rest, out var hole))
            {
                entry.Append(hole.Text[..hole.NameStart]);
                if (JsonFormatter.Reserved.Holds(hole.Name))
                {
                    entry.AppendByte((byte)'_');
                }

                entry.AppendQuoted(hole.Text[hole.NameStart..^1]);
                entry.Append((literals & (1UL << index)) != 0 ? ":l}"u8 : "}"u8);
                rest = rest[hole.Text.Length..];
                index++;
            }
        }

        entry.AppendByte((byte)'"');
    }

    // One for each hole that has a format now.
    private static void AppendRenderings(ref EntryWriter entry, scoped in RecordView record)
    {
        var rendering = new CompactRendering(record.Message, record.ReadProperties());
        var rest = record.Template;
        var separator = ",\"@r\":[\""u8;
        while (!rest.IsEmpty)
        {
            var length = LiteralLength(rest);
            rendering.TryLiteral(rest[..length]);
            rest = rest[length..];
            if (rest.StartsWith("{{"u8) || rest.StartsWith("}}"u8))
            {
                rendering.TryLiteral(rest[..1]);
                rest = rest[2..];
            }
            else if (CompactHole.TryRead(rest, out var hole))
            {
                rendering.TryHole(in hole, isReserved: false, out var filling, out var piece);
                if (filling != HoleFilling.Plain)
                {
                    entry.Append(separator);
                    entry.AppendQuoted(piece);
                    separator = "\",\""u8;
                }

                rest = rest[hole.Text.Length..];
            }
        }

        entry.Append("\"]"u8);
    }

    private static int LiteralLength(scoped ReadOnlySpan<byte> template) =>
        template.IndexOfAny((byte)'{', (byte)'}') is var brace and >= 0 ? brace : template.Length;
}
