using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Reads entries of a template. Where it can be read in several ways, a message is as long as can be, other texts as short.</summary>
internal sealed class TextEntryParser : EntryParser
{
    private readonly TextPart[] parts;
    private readonly TextMatch match;
    private readonly bool placesException;
    private readonly bool hasUnreadTime;
    private readonly int indentation;

    /// <param name="template">The template the entries were written with.</param>
    /// <param name="zone">The zone of times without an offset.</param>
    /// <param name="latest">For times that say no day or no year: no entry is later than this.</param>
    /// <exception cref="TemplateException">The template is empty or wrong.</exception>
    public TextEntryParser(string template, TimeZoneInfo zone, DateTime latest)
    {
        Template = template;
        var placer = new TimePlacer(zone, latest);
        parts = TextTemplate.Compile(template, placer);
        match = new TextMatch(parts, placer);
        NamesWorkerAsProcess = Has(TemplateField.Process) && !Has(TemplateField.Worker);
        placesException = Has(TemplateField.Exception);
        hasUnreadTime = Array.Find(parts, part => !part.IsBlank) is { Field: TemplateField.Timestamp, Timestamp: null };
        indentation = EntryStart.Indentation(TemplateParser.Parse(template));
    }

    public override string Name => "text";

    public string Template { get; }

    public override bool HasContinuations => true;

    public override bool NamesWorkerAsProcess { get; }

    public override bool TryReadTime(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        return parts[0] is { Width: 0, Timestamp: { IsWhole: true } timestamp } && timestamp.TryRead(text, out utcTicks, out _, out _);
    }

    public override bool Shows(AskedField asked) => (asked.Field == TemplateField.Worker && NamesWorkerAsProcess) || Array.Exists(
        parts,
        part => asked.Field != TemplateField.Property ? part.Field == asked.Field
            : part.Field == TemplateField.Properties
                || (part.Field == TemplateField.Property && string.Equals(Encoding.UTF8.GetString(part.Text), asked.Name, StringComparison.OrdinalIgnoreCase)));

    public override bool IsContinuation(ReadOnlySpan<byte> lines)
    {
        if (!lines.StartsWith("    "u8))
        {
            return lines is [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..];
        }

        // Between the two an entry may begin, or an earlier version may have written a further line.
        return EntryStart.BeginsBlank(lines, indentation) || !(hasUnreadTime || match.Begins(lines));
    }

    public override bool SurelyBegins(byte first) => first is not ((byte)' ' or (byte)'\r');

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        // What would have begun as a heading of ours was moved one to the right; other beginnings have a mark.
        var isMoved = text.StartsWith(" # QueueLog:"u8) || (text is [EntryStart.Mark, ..] && EntryStart.Misleads(text, indentation));
        var body = isMoved ? text[1..] : text;
        var mark = -1;
        if (body.IndexOf(ListenerEntry.Mark) >= 0)
        {
            var start = Unfolded.Length;
            mark = ListenerEntry.Unescape(body, Unfolded);
            body = UnfoldedSince(start);
        }

        match.Indentation = IndentationOf(body);
        match.MessageStart = mark;
        var exception = placesException ? -1 : ExceptionBlock.Find(body, match.Indentation);
        if (exception >= 0 && match.TryMatch(body[..exception]))
        {
            ReadException(body[(exception + 1 + match.Indentation)..], ref entry);
            body = body[..exception];
        }
        else if (!match.TryMatch(body) && !match.TryMatchOthers(body))
        {
            return match.Begins(text) && parts[0].Field == TemplateField.Timestamp ? EntryState.Torn : EntryState.Raw;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            var value = match.Value(i, body);
            if (mark >= 0 && parts[i].Field == TemplateField.Message && value.StartsWith(ListenerEntry.Mark) && body.Overlaps(value, out var place) && place == mark)
            {
                entry.Fields |= EntryFields.ListenerMark;
                value = value[ListenerEntry.Mark.Length..];
            }

            Apply(parts[i], value, ref entry);
        }

        // By the mark alone: a template can make the listener's category of another and what follows it.
        if (entry.Has(EntryFields.ListenerMark))
        {
            entry.Record.Category = ListenerEntry.CategoryUtf8;
        }
        else if (ListenerEntry.IsCategory(entry.Record.Category))
        {
            entry.Record.Category = ListenerEntry.CategoryOfOthers;
        }

        return EntryState.Record;
    }

    private bool Has(TemplateField field) => Array.Exists(parts, part => part.Field == field);

    private void Apply(TextPart part, ReadOnlySpan<byte> value, ref EntryView entry)
    {
        ref var record = ref entry.Record;
        switch (part.Field)
        {
            case TemplateField.Literal or TemplateField.NewLine or TemplateField.Host:
                break;
            case TemplateField.Timestamp when part.Timestamp is not null:
                // A day and an hour in two places are one time.
                (record.UtcTicks, record.OffsetMinutes) = match.Time;
                entry.Fields |= EntryFields.Timestamp;
                break;
            case TemplateField.Level:
                record.Level = match.Level;
                entry.Fields |= EntryFields.Level;
                break;
            case TemplateField.Pid when TryReadNumber(value, out var pid) && pid is >= int.MinValue and <= int.MaxValue:
                record.Pid = (int)pid;
                entry.Fields |= EntryFields.Pid;
                break;
            case TemplateField.Sequence when TryReadNumber(value, out record.Sequence):
                entry.Fields |= EntryFields.Sequence;
                break;
            case TemplateField.Item when TryReadNumber(value, out var item):
                record.Item = item;
                break;
            case TemplateField.Attempt when TryReadNumber(value, out var attempt):
                record.Attempt = (int)attempt;
                break;
            case TemplateField.Message:
                record.Message = Unfold(value);
                break;
            case TemplateField.Process:
                record.Process = Unfold(value);
                break;
            case TemplateField.Worker:
                record.Worker = Unfold(value);
                break;
            case TemplateField.Category:
                record.Category = Unfold(value);
                break;
            case TemplateField.Caller:
                record.Caller = Unfold(value);
                break;
            case TemplateField.Template:
                record.Template = Unfold(value);
                break;
            case TemplateField.Exception:
                if (!value.IsEmpty)
                {
                    ReadException(value, ref entry);
                }

                break;
            case TemplateField.Properties:
                PropertyList.Read(Unfold(value), Properties);
                break;
            default:
                // A time whose format cannot be read back has no name here, and no use.
                if (!value.IsEmpty && part.Text.Length > 0)
                {
                    BareValue.Add(Properties, part.Text, Unfold(value));
                }

                break;
        }
    }

    private void ReadException(ReadOnlySpan<byte> block, ref EntryView entry)
    {
        var stackIndentation = ExceptionBlock.StackIndentation(match.Indentation);
        var stack = ExceptionBlock.StackStart(block, match.Indentation);
        var head = Unfold(stack < 0 ? block : block[..stack]);
        var type = ExceptionSplitter.TypeLength(head);
        entry.Record.HasException = true;
        entry.Record.ExceptionType = head[..type];
        entry.Record.ExceptionMessage = type == head.Length ? default : head[(type == 0 ? 0 : type + 2)..];
        entry.Record.ExceptionStackTrace = stack < 0 ? default : Unfold(block[(stack + 1 + stackIndentation)..], stackIndentation);
    }

    // Earlier versions indented by four blanks, however wide the first value is padded.
    private int IndentationOf(ReadOnlySpan<byte> entry)
    {
        for (var end = entry.IndexOf((byte)'\n'); indentation > SafeText.Indentation && end >= 0; end = entry.IndexOf((byte)'\n'))
        {
            entry = entry[(end + 1)..];
            if (entry is not ([] or [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..]) && !EntryStart.BeginsBlank(entry, indentation))
            {
                return SafeText.Indentation;
            }
        }

        return indentation;
    }

    private ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> value) => Unfold(value, match.Indentation);

    /// <summary>The text without the indentation of its further lines.</summary>
    private ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> value, int indentation)
    {
        if (!value.Contains((byte)'\n'))
        {
            return value;
        }

        var start = Unfolded.Length;
        var rest = value;
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            Unfolded.WriteBytes(rest[..end].TrimEnd((byte)'\r'));
            Unfolded.WriteByte((byte)'\n');
            rest = rest[(end + 1)..];
            var blanks = rest.IndexOfAnyExcept((byte)' ');
            rest = rest[Math.Min(blanks < 0 ? rest.Length : blanks, indentation)..];
        }

        Unfolded.WriteBytes(rest);
        return UnfoldedSince(start);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        var isNegative = value is [(byte)'-', ..];
        var digits = isNegative ? value[1..] : value;
        if (digits.IsEmpty || digits.Length > 25 || digits[0] == ',')
        {
            return false;
        }

        foreach (var c in digits)
        {
            if (c == ',')
            {
                continue;
            }

            var digit = c - '0';
            if ((uint)digit > 9 || number > (long.MaxValue - digit) / 10)
            {
                return false;
            }

            number = number * 10 + digit;
        }

        number = isNegative ? -number : number;
        return true;
    }
}
