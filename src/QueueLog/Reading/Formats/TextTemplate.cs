using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>Makes the tokens of a template ready for reading.</summary>
internal static class TextTemplate
{
    // A file says its template itself, and files can say anything: parts are laid one within the other.
    private const int MaxParts = 500;

    /// <exception cref="TemplateException">The template is empty, wrong or endless.</exception>
    public static TextPart[] Compile(string template, TimePlacer placer)
    {
        var parts = new List<TextPart>();
        foreach (var token in TemplateParser.Parse(template))
        {
            if (token.Field == TemplateField.Literal)
            {
                AddLiteral(parts, token.Text);
            }
            else
            {
                parts.Add(Compile(token, placer));
            }
        }

        return parts.Count <= MaxParts ? [.. parts] : throw new TemplateException(template, 0, $"at most {MaxParts} tokens and texts");
    }

    private static void AddLiteral(List<TextPart> parts, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
            {
                parts.Add(new TextPart { Field = TemplateField.NewLine });
            }

            if (lines[i].Length > 0)
            {
                parts.Add(new TextPart { Field = TemplateField.Literal, Text = Encoding.UTF8.GetBytes(lines[i]) });
            }
        }
    }

    private static TextPart Compile(TemplateToken token, TimePlacer placer) => token.Field switch
    {
        TemplateField.Timestamp => new TextPart
        {
            Field = token.Field,
            Width = token.Width,
            Timestamp = TimestampReader.Create(token.Format ?? TimestampText.DefaultFormat, isUtc: false, placer),
        },
        TemplateField.UtcTimestamp => new TextPart
        {
            Field = TemplateField.Timestamp,
            Width = token.Width,
            Timestamp = TimestampReader.Create(token.Format ?? TimestampText.DefaultUtcFormat, isUtc: true, placer),
        },
        TemplateField.Level => new TextPart
        {
            Field = token.Field,
            Width = token.Width,
            Levels = [.. Enum.GetValues<LogLevel>().Select(level => Align(LevelNames.Get(level, token.Format), token.Width))],
        },
        _ => new TextPart
        {
            Field = token.Field,
            Width = token.Width,
            Text = Encoding.UTF8.GetBytes(token.Text),
            IsGrouped = token.Format is ['n' or 'N', ..],
            IsNumber = token.Field is TemplateField.Pid or TemplateField.Sequence && EntryStart.IsDecimal(token.Format),
        },
    };

    private static byte[] Align(string name, int width) =>
        Encoding.UTF8.GetBytes(width > 0 ? name.PadLeft(width) : name.PadRight(-width));
}
