using System.Globalization;
using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>Keeps the first line of an entry in Text apart from the further lines of the entry above it.</summary>
// A further line begins with the indentation, and an entry must not. Where a template pads its first value, the indentation is
// wider than the padding. Where a value such as a message could begin an entry with anything, the entry gets a backslash.
internal static class EntryStart
{
    public const byte Mark = (byte)'\\';

    /// <summary>How far the further lines of a template's entries are indented.</summary>
    public static int Indentation(IReadOnlyList<TemplateToken> tokens)
    {
        var blanks = 0;
        foreach (var token in tokens)
        {
            if (token.Field == TemplateField.Literal)
            {
                var text = token.Text.TrimStart(' ');
                blanks += token.Text.Length - text.Length;
                if (text.Length == 0)
                {
                    continue;
                }
            }
            else if (HasKnownForm(token))
            {
                blanks += MostBlanks(token);
            }

            break;
        }

        return Math.Max(SafeText.Indentation, blanks + 1);
    }

    /// <summary>Whether a number is written as digits that can be read back.</summary>
    // D6, N0 and 00000 are; hexadecimal digits and percentages are not.
    public static bool IsDecimal(string? format) =>
        format is null || format.AsSpan().TrimStart("dDgGnN").IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Whether an entry begins as something else does, with any number of marks before that, and so gets one more.</summary>
    public static bool Misleads(ReadOnlySpan<byte> entry, int indentation)
    {
        entry = entry.TrimStart(Mark);
        return entry is [] or [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..]
            || entry.StartsWith(" # QueueLog:"u8)
            || BeginsBlank(entry, indentation);
    }

    public static bool BeginsBlank(ReadOnlySpan<byte> line, int blanks) =>
        line.Length >= blanks && !line[..blanks].ContainsAnyExcept((byte)' ');

    // Of these a reader can tell that they are there, and so where an entry begins that has blanks before them.
    private static bool HasKnownForm(TemplateToken token) => token.Field switch
    {
        TemplateField.Timestamp or TemplateField.UtcTimestamp or TemplateField.Level => true,
        TemplateField.Pid or TemplateField.Sequence => IsDecimal(token.Format),
        _ => false,
    };

    private static int MostBlanks(TemplateToken token) => token.Field switch
    {
        TemplateField.Level => Enum.GetValues<LogLevel>().Max(level => token.Width - LevelNames.Get(level, token.Format).Length),
        TemplateField.Timestamp or TemplateField.UtcTimestamp => Math.Max(token.Width - 1, LeadingBlanks(token)),
        _ => token.Width - 1,
    } is var most and > 0 ? most : 0;

    private static int LeadingBlanks(TemplateToken token)
    {
        var sample = token.Field == TemplateField.Timestamp
            ? DateTimeOffset.UnixEpoch.ToString(token.Format ?? TimestampText.DefaultFormat, CultureInfo.InvariantCulture)
            : DateTime.UnixEpoch.ToString(token.Format ?? TimestampText.DefaultUtcFormat, CultureInfo.InvariantCulture);
        return sample.Length - sample.TrimStart(' ').Length;
    }
}
