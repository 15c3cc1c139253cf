using System.Buffers;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Formats records by a template; see <see cref="TemplateParser"/> for its language. Not thread-safe.</summary>
internal sealed class TemplateFormatter : IRecordFormatter
{
    public const string DefaultTemplate = "{Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Level,-11} {Message}";

    private readonly TemplatePart[] parts;
    private readonly bool placesException;
    private readonly int fixedLength;
    private readonly int indentation;

    /// <exception cref="TemplateException">The template is empty or wrong.</exception>
    public TemplateFormatter(string template = DefaultTemplate, bool isColoured = false)
        : this(TemplateParser.Parse(template), isColoured)
    {
    }

    /// <param name="tokens">The template.</param>
    /// <param name="isColoured">Whether the time, the level and the values in the message have colours.</param>
    public TemplateFormatter(IReadOnlyList<TemplateToken> tokens, bool isColoured = false)
    {
        parts = TemplateCompiler.Compile(tokens, isColoured);
        indentation = EntryStart.Indentation(tokens);
        WantsCaller = parts.Any(part => part.Field == TemplateField.Caller);
        WantsProperties = parts.Any(part => part.Field is TemplateField.Properties or TemplateField.Property or TemplateField.Item or TemplateField.Attempt);
        placesException = parts.Any(part => part.Field == TemplateField.Exception);
        // Texts are measured per record; 40 holds any other value in its default format.
        fixedLength = 64 + parts.Sum(part => part.Text.Length + Math.Max(Math.Abs(part.Width), 40));
    }

    public FormatLines? Lines { get; init; }

    /// <summary>Whether it writes what is read back: no entry may begin as a further line of another, or pass for one of the listener's own. Default: no.</summary>
    public bool IsReadBack { get; init; }

    public bool WantsCaller { get; }

    // Item and Attempt are names of properties, too.
    public bool WantsProperties { get; }

    public void Format(scoped in RecordView record, IBufferWriter<byte> output)
    {
        var isOwn = IsReadBack && ListenerEntry.IsCategory(record.Category);
        var entry = new EntryWriter(output, fixedLength + RecordText.Length(in record)) { Indentation = indentation, NeedsMark = isOwn };
        var startsLine = false;
        foreach (var part in parts)
        {
            if (part.Field == TemplateField.NewLine)
            {
                entry.AppendByte((byte)'\n');
                startsLine = true;
            }
            else if (startsLine)
            {
                startsLine = !AppendIndented(ref entry, part, in record);
            }
            else
            {
                AppendPart(ref entry, part, in record);
            }
        }

        if (record.HasException && !placesException)
        {
            ExceptionText.AppendBelow(ref entry, in record);
        }

        // A template that ends in {NewLine} ends its line itself.
        if (!entry.EndsLine)
        {
            entry.AppendByte((byte)'\n');
        }

        if (IsReadBack)
        {
            ListenerEntry.Escape(ref entry, isOwn);
        }

        if (entry.StartsWith(FormatLines.Mark))
        {
            entry.Insert(0, (byte)' ');
        }
        else if (IsReadBack && EntryStart.Misleads(entry.WrittenFrom(0), indentation))
        {
            entry.Insert(0, EntryStart.Mark);
        }

        entry.Commit();
    }

    /// <summary>Writes a part at the start of a further line: indented like any continuation, and without a trace when it is empty.</summary>
    /// <returns>Whether there was anything to write.</returns>
    private static bool AppendIndented(ref EntryWriter entry, TemplatePart part, scoped in RecordView record)
    {
        var lineStart = entry.Length;
        entry.AppendSpaces(entry.Indentation);
        var start = entry.Length;
        AppendPart(ref entry, part, in record);
        if (entry.Length > start)
        {
            return true;
        }

        entry.Truncate(lineStart);
        return false;
    }

    private static void AppendPart(ref EntryWriter entry, TemplatePart part, scoped in RecordView record)
    {
        var start = entry.Length;
        switch (part.Field)
        {
            case TemplateField.Literal:
                entry.Append(part.Text);
                return;
            case TemplateField.Level:
                entry.Append(part.Levels[Math.Min((int)record.Level, part.Levels.Length - 1)]);
                return;
            case TemplateField.Timestamp or TemplateField.UtcTimestamp:
                part.Timestamp!.Append(ref entry, record.UtcTicks, record.OffsetMinutes);
                break;
            case TemplateField.Message:
                if (entry.NeedsMark)
                {
                    entry.NeedsMark = false;
                    entry.Append(ListenerEntry.MarkToBe);
                }

                if (part.IsColoured)
                {
                    ColouredMessage.Append(ref entry, SafeText.TrimEndBreaks(record.Message), record.Template);
                    return;
                }

                entry.AppendText(SafeText.TrimEndBreaks(record.Message));
                break;
            case TemplateField.Process:
                part.Repeated!.Append(ref entry, record.Process);
                return;
            case TemplateField.Pid:
                entry.AppendValue(record.Pid, part.Format);
                break;
            case TemplateField.Worker:
                part.Repeated!.Append(ref entry, record.Worker);
                return;
            case TemplateField.Item or TemplateField.Attempt:
                if (record.Item >= 0)
                {
                    entry.AppendValue(part.Field == TemplateField.Item ? record.Item : record.Attempt, part.Format);
                }
                else
                {
                    // Outside a pool the name is free for a property, such as the hole of 'item {Item}'.
                    PropertyText.Append(ref entry, record.ReadProperties(), part.Text, part.PropertyFormat);
                }

                break;
            case TemplateField.Category:
                part.Repeated!.Append(ref entry, record.Category);
                return;
            case TemplateField.Sequence:
                entry.AppendValue(record.Sequence, part.Format);
                break;
            case TemplateField.Caller:
                entry.AppendText(record.Caller);
                break;
            case TemplateField.Exception:
                ExceptionText.Append(ref entry, in record);
                break;
            case TemplateField.Properties:
                PropertyText.AppendAll(ref entry, record.ReadProperties());
                break;
            case TemplateField.Template:
                entry.AppendText(record.Template);
                break;
            case TemplateField.Property:
                PropertyText.Append(ref entry, record.ReadProperties(), part.Text, part.PropertyFormat);
                break;
        }

        if (part.Width != 0)
        {
            entry.Align(start, part.Width);
        }
    }
}
