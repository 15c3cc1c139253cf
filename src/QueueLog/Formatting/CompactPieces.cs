using System.Text;

namespace QueueLog.Formatting;

/// <summary>A template in pieces, kept because records mostly have those of former ones. Not thread-safe.</summary>
internal sealed class CompactPieces
{
    private const int MostHoles = 64;

    private readonly List<CompactPiece> pieces = [];
    private byte[] text = [];
    private int length = -1;

    // What was written for the template, and for which holes with the format l.
    private byte[] written = [];
    private int writtenLength;
    private ulong writtenFor;

    /// <summary>The template.</summary>
    public ReadOnlySpan<byte> Template => text.AsSpan(0, length);

    /// <summary>Its pieces, in order; null when there is something that readers understand in different ways.</summary>
    public List<CompactPiece>? Pieces { get; private set; }

    /// <summary>Takes a template, unless it is the one from before.</summary>
    public void Set(scoped ReadOnlySpan<byte> template)
    {
        if (length == template.Length && template.SequenceEqual(Template))
        {
            return;
        }

        if (text.Length < template.Length)
        {
            text = new byte[template.Length];
        }

        template.CopyTo(text);
        length = template.Length;
        writtenLength = 0;
        pieces.Clear();
        Pieces = TryParse() ? pieces : null;
    }

    /// <summary>Writes it as the compact format has it.</summary>
    /// <param name="entry">Where to.</param>
    /// <param name="literals">A bit for each hole that gets the format l.</param>
    public void Append(ref EntryWriter entry, ulong literals)
    {
        if (writtenFor == literals && writtenLength > 0)
        {
            entry.Append(written.AsSpan(0, writtenLength));
            return;
        }

        var start = entry.Length;
        writtenFor = literals;
        entry.Append(",\"@mt\":\""u8);
        var end = 0;
        foreach (var piece in pieces)
        {
            if (piece.Length > 0)
            {
                continue;
            }

            var hole = piece.Hole;
            entry.AppendQuoted(Template[end..hole.Start]);
            entry.Append(Template.Slice(hole.Start, hole.NameStart));
            if (piece.IsReserved)
            {
                entry.AppendByte((byte)'_');
            }

            entry.AppendQuoted(Template[(hole.Start + hole.NameStart)..(hole.End - 1)]);
            entry.Append((literals & 1) != 0 ? ":l}"u8 : "}"u8);
            literals >>= 1;
            end = hole.End;
        }

        entry.AppendQuoted(Template[end..]);
        entry.AppendByte((byte)'"');
        Keep(entry.WrittenFrom(start));
    }

    private void Keep(scoped ReadOnlySpan<byte> made)
    {
        if (written.Length < made.Length)
        {
            written = new byte[made.Length];
        }

        made.CopyTo(written);
        writtenLength = made.Length;
    }

    private bool TryParse()
    {
        var holes = 0;
        for (var at = 0; at < length;)
        {
            var rest = Template[at..];
            var brace = rest.IndexOfAny((byte)'{', (byte)'}');
            if (brace != 0)
            {
                var literal = brace < 0 ? rest.Length : brace;
                pieces.Add(new CompactPiece(at, literal));
                at += literal;
            }
            else if (rest.StartsWith("{{"u8) || rest.StartsWith("}}"u8))
            {
                pieces.Add(new CompactPiece(at, 1));
                at += 2;
            }
            else if (holes++ < MostHoles && rest[0] == '{' && CompactHole.TryRead(Template, at, out var hole) && !hole.IsLiteralIn(Template))
            {
                pieces.Add(new CompactPiece(at, 0)
                {
                    Hole = hole,
                    Format = hole.FormatLength == 0 ? null : Encoding.ASCII.GetString(hole.FormatIn(Template)),
                    IsReserved = JsonFormatter.Reserved.Holds(hole.NameIn(Template)),
                });
                at = hole.End;
            }
            else
            {
                // A brace alone, and a hole that not everybody takes for one. And l is ours to be taken away again.
                return false;
            }
        }

        return true;
    }
}
