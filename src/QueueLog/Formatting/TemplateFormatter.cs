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

    /// <exception cref="TemplateException">The template is empty or wrong.</exception>
    public TemplateFormatter(string template = DefaultTemplate)
        : this(TemplateParser.Parse(template))
    {
    }

    public TemplateFormatter(IReadOnlyList<TemplateToken> tokens)
    {
        parts = TemplateCompiler.Compile(tokens);
        placesException = parts.Any(part => part.Field == TemplateField.Exception);
        // Texts are measured per record; 40 holds any other value in its default format.
        fixedLength = 64 + parts.Sum(part => part.Text.Length + Math.Max(Math.Abs(part.Width), 40));
    }

    public void Format(scoped in RecordView record, IBufferWriter<byte> output)
    {
        var entry = new EntryWriter(output, fixedLength + TextLength(in record));
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

        entry.Commit();
    }

    private static int TextLength(scoped in RecordView record) =>
        record.Message.Length + record.Template.Length + record.Category.Length + record.Process.Length + record.Worker.Length
        + record.ExceptionType.Length + record.ExceptionMessage.Length + record.ExceptionStackTrace.Length + record.Properties.Length;

    /// <summary>Writes a part at the start of a further line: indented like any continuation, and without a trace when it is empty.</summary>
    /// <returns>Whether there was anything to write.</returns>
    private static bool AppendIndented(ref EntryWriter entry, TemplatePart part, scoped in RecordView record)
    {
        var lineStart = entry.Length;
        entry.AppendSpaces(SafeText.Indentation);
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
            case TemplateField.Timestamp:
                part.Timestamp!.Append(ref entry, record.UtcTicks, record.OffsetMinutes);
                break;
            case TemplateField.Message:
                entry.AppendText(SafeText.TrimEndBreaks(record.Message));
                break;
            case TemplateField.Process:
                entry.AppendText(record.Process);
                break;
            case TemplateField.Pid:
                entry.AppendValue(record.Pid, part.Format);
                break;
            case TemplateField.Worker:
                entry.AppendText(record.Worker);
                break;
            case TemplateField.Item:
                if (record.Item >= 0)
                {
                    entry.AppendValue(record.Item, part.Format);
                }
                else
                {
                    // Outside a pool the name is free for a property, such as the hole of 'item {Item}'.
                    PropertyText.Append(ref entry, record.ReadProperties(), part.Text, part.PropertyFormat);
                }

                break;
            case TemplateField.Category:
                entry.AppendText(record.Category);
                break;
            case TemplateField.Sequence:
                entry.AppendValue(record.Sequence, part.Format);
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
