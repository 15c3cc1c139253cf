using System.Runtime.InteropServices;
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

    // Each has a slot by its length.
    private const int Slots = 16;

    private readonly CompactPieces[] kept = [.. Enumerable.Range(0, Slots).Select(_ => new CompactPieces())];

    public void Append(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.Template.IsEmpty)
        {
            return;
        }

        var template = kept[record.Template.Length % Slots];
        template.Set(record.Template);
        if (!TryFollow(template, in record, out var literals, out var needsRenderings))
        {
            JsonFormatter.AppendText(ref entry, ",\"MessageTemplate\":\""u8, record.Template);
            return;
        }

        template.Append(ref entry, literals);
        if (needsRenderings)
        {
            AppendRenderings(ref entry, template, in record);
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

        var copied = 0;
        for (var at = 0; template[at..].IndexOf((byte)'{') is var brace and >= 0;)
        {
            at += brace;
            if (template[at..].StartsWith("{{"u8))
            {
                at += 2;
            }
            else if (CompactHole.TryRead(template, at, out var hole))
            {
                var name = hole.NameIn(template);
                output.WriteBytes(template[copied..(at + hole.NameStart)]);
                output.WriteBytes(name is [(byte)'_', ..] && JsonFormatter.Reserved.Holds(name) ? name[1..] : name);
                output.WriteBytes(template[(at + hole.NameStart + name.Length)..(hole.IsLiteralIn(template) ? hole.End - 3 : hole.End - 1)]);
                output.WriteByte((byte)'}');
                at = copied = hole.End;
            }
            else
            {
                at++;
            }
        }

        output.WriteBytes(template[copied..]);
        return true;
    }

    // A bit in literals for each hole that gets the format l.
    private static bool TryFollow(CompactPieces template, scoped in RecordView record, out ulong literals, out bool needsRenderings)
    {
        literals = 0;
        needsRenderings = false;
        if (template.Pieces is null)
        {
            return false;
        }

        var rendering = new CompactRendering(template.Template, record.Message, record.ReadProperties());
        var bit = 1UL;
        foreach (ref readonly var piece in CollectionsMarshal.AsSpan(template.Pieces))
        {
            if (!rendering.TryFollow(in piece, out var filling, out _))
            {
                return false;
            }

            if (piece.Length == 0)
            {
                literals |= filling != HoleFilling.Plain && piece.Format is null ? bit : 0;
                needsRenderings |= filling == HoleFilling.Rendered;
                bit <<= 1;
            }
        }

        return rendering.IsAtEnd;
    }

    // One for each hole that has a format now.
    private static void AppendRenderings(ref EntryWriter entry, CompactPieces template, scoped in RecordView record)
    {
        var rendering = new CompactRendering(template.Template, record.Message, record.ReadProperties());
        var separator = ",\"@r\":[\""u8;
        foreach (ref readonly var piece in CollectionsMarshal.AsSpan(template.Pieces))
        {
            rendering.TryFollow(in piece, out var filling, out var text);
            if (filling != HoleFilling.Plain)
            {
                entry.Append(separator);
                entry.AppendQuoted(text);
                separator = "\",\""u8;
            }
        }

        entry.Append("\"]"u8);
    }
}
