using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>Lays the parts of a template over an entry.</summary>
// Parts of a known form, such as a level, are either there or not. A loose text reaches to where the next part is found: a
// message to the last such place from which the rest fits, any other to the first. The steps are counted, because a template
// of many loose texts could be laid over an entry in more ways than anyone can try.
internal sealed class TextMatch(TextPart[] parts, TimePlacer placer)
{
    private const int MaxSteps = 4000;

    private readonly int[] starts = new int[parts.Length];
    private readonly int[] ends = new int[parts.Length];
    private readonly bool hasLevel = Array.Exists(parts, part => part.Field == TemplateField.Level);
    private readonly int message = Array.FindIndex(parts, part => part.Field == TemplateField.Message);
    private readonly WrittenTime[] times = new WrittenTime[parts.Length];

    // Days and hours in places of their own, which make a time together.
    private readonly bool joinsTimes = parts.Count(part => part.Timestamp is not null) > 1 && Array.Exists(parts, part => part.Timestamp is { IsWhole: false });
    private bool takesOthers;
    private int steps;

    /// <summary>How far the further lines of the entry are indented.</summary>
    public int Indentation { get; set; } = SafeText.Indentation;

    /// <summary>Where the first message is known to begin, by its mark; -1 where that is not known.</summary>
    public int MessageStart { get; set; } = -1;

    public LogLevel Level { get; private set; }

    public (long UtcTicks, short OffsetMinutes) Time { get; private set; }

    public bool TryMatch(ReadOnlySpan<byte> text)
    {
        takesOthers = false;
        return Match(text);
    }

    /// <summary>The same with the levels that other programs write.</summary>
    public bool TryMatchOthers(ReadOnlySpan<byte> text)
    {
        takesOthers = true;
        return hasLevel && Match(text);
    }

    /// <summary>Whether the first part that is not blank is one of a known form, and there.</summary>
    public bool Begins(ReadOnlySpan<byte> text)
    {
        var first = 0;
        while (first + 1 < parts.Length && parts[first].IsBlank && !parts[first + 1].IsLoose)
        {
            if (!text.StartsWith(parts[first].Text))
            {
                return false;
            }

            text = text[parts[first++].Text.Length..];
        }

        var part = parts[first];
        return part.Field switch
        {
            TemplateField.Literal => text.StartsWith(part.Text),
            TemplateField.Level => PartLength.LevelAt(part, text) >= 0,
            TemplateField.Timestamp when part.Timestamp is { } reader => TimeEnd(part, reader, text) > 0,
            _ => part.IsNumber && PartLength.NumberEnd(part, text) > 0,
        };
    }

    /// <summary>What a part was laid over, without the blanks that fill its width.</summary>
    public ReadOnlySpan<byte> Value(int part, ReadOnlySpan<byte> text)
    {
        var value = text[starts[part]..ends[part]];
        return parts[part].Width switch
        {
            0 => value,
            > 0 => value.TrimStart((byte)' '),
            _ => value.TrimEnd((byte)' '),
        };
    }

    private bool Match(ReadOnlySpan<byte> text)
    {
        steps = MaxSteps;
        return Match(0, 0, text) && (!joinsTimes || TryJoinTimes());
    }

    private bool TryJoinTimes()
    {
        WrittenTime whole = new(0, 0, 0, -1, null);
        for (var i = 0; i < parts.Length; i++)
        {
            whole = parts[i].Timestamp is null ? whole : whole.With(in times[i]);
        }

        var isPlaced = placer.TryPlace(in whole, out var utcTicks, out var offset);
        Time = (utcTicks, offset);
        return isPlaced;
    }

    private bool Match(int index, int position, ReadOnlySpan<byte> text)
    {
        if (index == parts.Length)
        {
            return position == text.Length;
        }

        if (--steps < 0)
        {
            return false;
        }

        var part = parts[index];
        if (index == message && MessageStart >= 0 && !BeginsMessage(part, text, position))
        {
            return false;
        }

        if (part.IsLoose)
        {
            return MatchLoose(index, position, text);
        }

        var rest = text[position..];
        var length = part.Field switch
        {
            TemplateField.Literal => rest.StartsWith(part.Text) ? part.Text.Length : -1,
            TemplateField.NewLine => PartLength.BreakLength(rest, Indentation),
            TemplateField.Level => LevelEnd(part, rest),
            TemplateField.Timestamp => joinsTimes ? PartOfTimeEnd(index, rest) : TimeEnd(part, part.Timestamp!, rest),
            _ => PartLength.NumberEnd(part, rest),
        };
        return length >= 0 && MatchNext(index, position, position + length, text);
    }

    private bool MatchNext(int index, int start, int end, ReadOnlySpan<byte> text)
    {
        starts[index] = start;
        ends[index] = end;
        return Match(index + 1, end, text);
    }

    private bool MatchLoose(int index, int start, ReadOnlySpan<byte> text)
    {
        var part = parts[index];
        var least = start + PartLength.LeastLength(part, text[start..]);
        if (least > text.Length)
        {
            return false;
        }

        if (index + 1 == parts.Length)
        {
            return MatchNext(index, start, text.Length, text);
        }

        var next = parts[index + 1];
        if (next.Field is not (TemplateField.Literal or TemplateField.NewLine))
        {
            return MatchAdjacent(index, start, least, text);
        }

        var separator = next.Field == TemplateField.NewLine ? "\n"u8 : next.Text;
        if (part.Field is not (TemplateField.Message or TemplateField.Exception))
        {
            return MatchFirst(index, start, least, separator, text) || (next.Field == TemplateField.NewLine && MatchNext(index, start, text.Length, text));
        }

        // An exception behind the message begins where its type stands, not at the last blank of its stack; properties, where
        // the first of them does.
        return (index + 2 < parts.Length && parts[index + 2].Field is TemplateField.Exception or TemplateField.Properties && MatchBeforeKnown(index, start, least, separator, text))
            || (next.Field == TemplateField.NewLine && MatchNext(index, start, text.Length, text))
            || MatchLast(index, start, least, separator, text);
    }

    // Before a message that is padded on the left there are blanks.
    private bool BeginsMessage(TextPart part, ReadOnlySpan<byte> text, int position) =>
        position == MessageStart || (part.Width > 0 && position < MessageStart && !text[position..MessageStart].ContainsAnyExcept((byte)' '));

    private bool MatchFirst(int index, int start, int end, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> text)
    {
        while (steps > 0)
        {
            var found = text[end..].IndexOf(separator);
            if (found < 0)
            {
                return false;
            }

            end += found;
            if (MatchNext(index, start, end, text))
            {
                return true;
            }

            end++;
        }

        return false;
    }

    private bool MatchLast(int index, int start, int least, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> text)
    {
        var limit = text.Length;
        while (steps > 0)
        {
            var found = limit < least ? -1 : text[least..limit].LastIndexOf(separator);
            if (found < 0)
            {
                return false;
            }

            if (MatchNext(index, start, least + found, text))
            {
                return true;
            }

            limit = least + found + separator.Length - 1;
        }

        return false;
    }

    private bool MatchBeforeKnown(int index, int start, int end, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> text)
    {
        while (--steps > 0)
        {
            var found = text[end..].IndexOf(separator);
            if (found < 0)
            {
                return false;
            }

            end += found;
            var line = text[(end + separator.Length)..];
            line = parts[index + 1].Field == TemplateField.NewLine && EntryStart.BeginsBlank(line, Indentation) ? line[Indentation..] : line;
            if (PartLength.IsKnown(parts[index + 2].Field, line, Indentation) && MatchNext(index, start, end, text))
            {
                return true;
            }

            end++;
        }

        return false;
    }

    // Nothing stands between two values: the width says where the first ends, or the place where the second fits.
    private bool MatchAdjacent(int index, int start, int least, ReadOnlySpan<byte> text)
    {
        if (parts[index].Width != 0 && MatchNext(index, start, least, text))
        {
            return true;
        }

        var isMessage = parts[index].Field == TemplateField.Message;
        for (var i = 0; i <= text.Length - least && steps > 0; i++)
        {
            if (MatchNext(index, start, isMessage ? text.Length - i : least + i, text))
            {
                return true;
            }
        }

        return false;
    }

    private int LevelEnd(TextPart part, ReadOnlySpan<byte> text)
    {
        if (takesOthers)
        {
            var length = PartLength.OtherLevelAt(part, text, out var other);
            Level = other;
            return length;
        }

        return PartLength.LevelAt(part, text) is >= 0 and var level ? part.Levels[(int)(Level = (LogLevel)level)].Length : -1;
    }

    private int PartOfTimeEnd(int index, ReadOnlySpan<byte> text)
    {
        var part = parts[index];
        var blanks = part.Width > 0 ? Math.Max(0, text.IndexOfAnyExcept((byte)' ')) : 0;
        return part.Timestamp!.TryRead(text[blanks..], out times[index], out var length) ? PartLength.Padded(part, text, blanks + length) : -1;
    }

    private int TimeEnd(TextPart part, TimestampReader reader, ReadOnlySpan<byte> text)
    {
        var blanks = part.Width > 0 ? Math.Max(0, text.IndexOfAnyExcept((byte)' ')) : 0;
        if (!reader.TryRead(text[blanks..], out var utcTicks, out var offset, out var length))
        {
            return -1;
        }

        Time = (utcTicks, offset);
        return PartLength.Padded(part, text, blanks + length);
    }
}
