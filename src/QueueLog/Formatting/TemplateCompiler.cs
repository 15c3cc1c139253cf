using System.Buffers;
using System.Text;
using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>Makes the tokens of a template ready for formatting.</summary>
internal static class TemplateCompiler
{
    public static TemplatePart[] Compile(IReadOnlyList<TemplateToken> tokens, bool isColoured = false)
    {
        var parts = new List<TemplatePart>();
        foreach (var token in tokens)
        {
            if (token.Field == TemplateField.Literal)
            {
                AddLiteral(parts, token.Text);
            }
            else if (isColoured)
            {
                AddColoured(parts, token);
            }
            else
            {
                parts.Add(Compile(token));
            }
        }

        FoldIntoLevels(parts);
        return [.. parts];
    }

    private static void AddColoured(List<TemplatePart> parts, TemplateToken token)
    {
        switch (token.Field)
        {
            case TemplateField.Timestamp or TemplateField.UtcTimestamp:
                parts.AddRange([LiteralOf(AnsiColours.Dim), Compile(token), LiteralOf(AnsiColours.Reset)]);
                break;
            case TemplateField.Level:
                parts.Add(new TemplatePart { Field = token.Field, Levels = [.. Compile(token).Levels.Select((name, level) => AnsiColours.Of((LogLevel)level, name))] });
                break;

            // Colours would count as width.
            case TemplateField.Message when token.Width == 0:
                parts.Add(new TemplatePart { Field = token.Field, IsColoured = true });
                break;
            default:
                parts.Add(Compile(token));
                break;
        }
    }

    private static TemplatePart LiteralOf(ReadOnlySpan<byte> text) => new() { Field = TemplateField.Literal, Text = text.ToArray() };

    // What stands beside a level is always the same: it is copied together with the level's name.
    private static void FoldIntoLevels(List<TemplatePart> parts)
    {
        for (var i = 1; i < parts.Count; i++)
        {
            var (first, second) = (parts[i - 1], parts[i]);
            if ((first.Field, second.Field) is (TemplateField.Literal, TemplateField.Level) or (TemplateField.Level, TemplateField.Literal))
            {
                var levels = first.Field == TemplateField.Level ? first.Levels : second.Levels;
                parts[--i] = new TemplatePart
                {
                    Field = TemplateField.Level,
                    Levels = [.. levels.Select(level => first.Field == TemplateField.Level ? (byte[])[.. level, .. second.Text] : [.. first.Text, .. level])],
                };
                parts.RemoveAt(i + 1);
            }
        }
    }

    // A line break typed into the template means the same as {NewLine}.
    private static void AddLiteral(List<TemplatePart> parts, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
            {
                parts.Add(new TemplatePart { Field = TemplateField.NewLine });
            }

            if (lines[i].Length > 0)
            {
                parts.Add(new TemplatePart { Field = TemplateField.Literal, Text = Encoding.UTF8.GetBytes(lines[i]) });
            }
        }
    }

    private static TemplatePart Compile(TemplateToken token) => token.Field switch
    {
        TemplateField.Timestamp => new TemplatePart
        {
            Field = token.Field,
            Width = token.Width,
            Timestamp = new TimestampText(token.Format ?? TimestampText.DefaultFormat),
        },
        TemplateField.UtcTimestamp => new TemplatePart
        {
            Field = token.Field,
            Width = token.Width,
            Timestamp = new TimestampText(token.Format ?? TimestampText.DefaultUtcFormat, isUtc: true),
        },
        TemplateField.Level => new TemplatePart
        {
            Field = token.Field,
            Levels = [.. Enum.GetValues<LogLevel>().Select(level => Align(LevelNames.Get(level, token.Format), token.Width))],
        },
        TemplateField.Process or TemplateField.Worker or TemplateField.Category => new TemplatePart { Field = token.Field, Width = token.Width, Repeated = new RepeatedText(token.Width) },
        TemplateField.Host => new TemplatePart { Field = TemplateField.Literal, Text = Align(Environment.MachineName, token.Width) },
        TemplateField.Property or TemplateField.Item or TemplateField.Attempt => new TemplatePart
        {
            Field = token.Field,
            Width = token.Width,
            Format = token.Format,
            Text = Encoding.UTF8.GetBytes(token.Text),
            PropertyFormat = token.Format is null ? null : new ValueFormat(token.Format),
        },
        _ => new TemplatePart { Field = token.Field, Width = token.Width, Format = token.Format },
    };

    private static byte[] Align(string text, int width)
    {
        var output = new ArrayBufferWriter<byte>();
        var entry = new EntryWriter(output, text.Length);
        entry.AppendText(Encoding.UTF8.GetBytes(text));
        entry.Align(0, width);
        entry.Commit();
        return output.WrittenSpan.ToArray();
    }
}
