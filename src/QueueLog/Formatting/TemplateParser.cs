using System.Globalization;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>Reads a template into its tokens, formats checked.</summary>
// template = 1*( text / "{{" / "}}" / token )
// token    = "{" [ "Properties:" ] name [ "," [ "-" ] width ] [ ":" format ] "}"
// name     = 1*( any character but braces, comma, colon, white space and control characters ), case ignored
// format   = 1*( any character but "}" )
internal sealed class TemplateParser
{
    public const string KnownTokens =
        "{Timestamp:format}, {UtcTimestamp:format}, {Level} ({Level:u3}, {Level:w3}), {Message}, {Process}, {Pid}, {Worker}, {Item}, {Attempt}, "
        + "{Category}, {Sequence}, {Caller}, {Host}, {Exception}, {Properties}, {Template}, {NewLine} and the names of "
        + "properties ({Name} or {Properties:Name}), each with a width where wanted: {Process,-10}";

    private const int MaxWidth = 1000;

    private readonly string template;
    private readonly List<TemplateToken> tokens = [];
    private readonly StringBuilder literal = new();
    private int literalStart;
    private int position;

    private TemplateParser(string template) => this.template = template;

    private char Current => position < template.Length ? template[position] : '\0';

    /// <exception cref="TemplateException">The template is empty or wrong.</exception>
    public static IReadOnlyList<TemplateToken> Parse(string template)
    {
        var parser = new TemplateParser(template);
        parser.ReadTemplate();
        return parser.tokens;
    }

    private void ReadTemplate()
    {
        if (template.Length == 0)
        {
            throw Wrong(0, "text or a token such as {Message}");
        }

        while (position < template.Length)
        {
            var c = template[position];
            var doubled = position + 1 < template.Length && template[position + 1] == c;
            if (c is '{' or '}' && doubled)
            {
                AddToLiteral(c, 2);
            }
            else if (c == '{')
            {
                EndLiteral();
                ReadToken();
            }
            else if (c == '}')
            {
                throw Wrong(position, "'}}' for a brace that belongs to the text");
            }
            else
            {
                AddToLiteral(c, 1);
            }
        }

        EndLiteral();
    }

    private void AddToLiteral(char c, int consumed)
    {
        if (literal.Length == 0)
        {
            literalStart = position;
        }

        literal.Append(c);
        position += consumed;
    }

    private void EndLiteral()
    {
        if (literal.Length > 0)
        {
            tokens.Add(new TemplateToken(TemplateField.Literal, literalStart, literal.ToString()));
            literal.Clear();
        }
    }

    private void ReadToken()
    {
        var start = position++;
        var name = ReadName();
        var field = FieldOf(name);
        var isMeant = field == TemplateField.Properties && Current == ':';
        if (isMeant)
        {
            position++;
            name = ReadName();
            field = TemplateField.Property;
        }

        var width = Current == ',' && field != TemplateField.NewLine ? ReadWidth() : 0;
        var format = Current == ':' && AcceptsFormat(field) ? ReadFormat(field) : null;
        if (Current != '}')
        {
            throw Wrong(position, Continuations(field, width != 0, format is not null));
        }

        position++;
        tokens.Add(new TemplateToken(field, start, name) { Format = format, Width = width, IsMeant = isMeant });
    }

    private string ReadName()
    {
        var start = position;
        while (position < template.Length && !(Current is '{' or '}' or ',' or ':' || char.IsWhiteSpace(Current) || char.IsControl(Current)))
        {
            position++;
        }

        return position > start ? template[start..position] : throw Wrong(start, "a name");
    }

    private int ReadWidth()
    {
        const string Expected = "a width from 1 to 1000, such as 10 (aligned right) or -10 (aligned left)";
        position++;
        var start = position;
        if (Current == '-')
        {
            position++;
        }

        while (char.IsAsciiDigit(Current))
        {
            position++;
        }

        if (int.TryParse(template.AsSpan(start, position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var width))
        {
            return Math.Abs((long)width) is >= 1 and <= MaxWidth ? width : throw Wrong(start, Expected);
        }

        // Digits that are no int are too many; anything else stopped the loop at the character that is wrong.
        throw Wrong(position > start && char.IsAsciiDigit(template[position - 1]) ? start : position, Expected);
    }

    private string ReadFormat(TemplateField field)
    {
        position++;
        var start = position;
        while (position < template.Length && Current != '}')
        {
            position++;
        }

        var format = template[start..position];
        var expected = field switch
        {
            TemplateField.Timestamp or TemplateField.UtcTimestamp => "a .NET date format such as yyyy-MM-dd HH:mm:ss,fff",
            TemplateField.Level => "the format u3 (INF) or w3 (inf)",
            TemplateField.Property => "a .NET number or date format",
            _ => "a .NET format for integers such as D6",
        };
        return format.Length > 0 && IsValid(field, format) ? format : throw Wrong(start, expected);
    }

    private static bool AcceptsFormat(TemplateField field) => field is TemplateField.Timestamp or TemplateField.UtcTimestamp
        or TemplateField.Level or TemplateField.Pid or TemplateField.Item or TemplateField.Attempt or TemplateField.Sequence or TemplateField.Property;

    private static bool IsValid(TemplateField field, string format) => field switch
    {
        TemplateField.Timestamp => ValueFormat.AcceptsTimestamp(format),
        TemplateField.UtcTimestamp => ValueFormat.AcceptsUtcTimestamp(format),
        TemplateField.Level => LevelNames.AcceptsFormat(format),
        TemplateField.Property => ValueFormat.AcceptsInteger(format) || ValueFormat.AcceptsDouble(format) || ValueFormat.AcceptsTimestamp(format),
        _ => ValueFormat.AcceptsInteger(format),
    };

    private static string Continuations(TemplateField field, bool hasWidth, bool hasFormat)
    {
        var width = !hasWidth && !hasFormat && field != TemplateField.NewLine;
        var format = !hasFormat && AcceptsFormat(field);
        return (width, format) switch
        {
            (true, true) => "'}', or ',' and a width, or ':' and a format",
            (true, false) => "'}', or ',' and a width",
            (false, true) => "'}', or ':' and a format",
            _ => "'}'",
        };
    }

    private static TemplateField FieldOf(string name)
    {
        for (var field = TemplateField.Timestamp; field < TemplateField.Property; field++)
        {
            if (field.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field;
            }
        }

        return TemplateField.Property;
    }

    private TemplateException Wrong(int at, string expected) => new(template, at, expected);
}

/// <summary>One piece of a parsed template.</summary>
/// <param name="Field">What it stands for.</param>
/// <param name="Position">Where it starts in the template, 0-based.</param>
/// <param name="Text">The text of a literal with its braces unescaped, otherwise the name as it was written.</param>
internal sealed record TemplateToken(TemplateField Field, int Position, string Text)
{
    /// <summary>What stands after the colon, already checked; null when there is none.</summary>
    public string? Format { get; init; }

    /// <summary>Whether a property is said to be one: {Properties:Name}.</summary>
    public bool IsMeant { get; init; }

    /// <summary>Least number of characters: positive aligns right, negative left, 0 leaves the value as it is.</summary>
    public int Width { get; init; }
}

/// <summary>A template that cannot be understood.</summary>
public sealed class TemplateException : Exception
{
    internal TemplateException(string template, int position, string expected, string tokens = TemplateParser.KnownTokens)
        : base($"The template is wrong at column {position + 1}: expected {expected}; tokens are {tokens}. The template: '{template}'.")
    {
        Template = template;
        Position = position;
        Expected = expected;
    }

    /// <summary>The template as it was given.</summary>
    public string Template { get; }

    /// <summary>Where it went wrong, 0-based; the length of the template when it ended too early.</summary>
    public int Position { get; }

    /// <summary>What should have stood there.</summary>
    public string Expected { get; }
}
