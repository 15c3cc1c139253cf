using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>A path with tokens, such as <c>logs/{Process}.log</c>: tells which file a record belongs to.</summary>
internal sealed class TokenPath
{
    private const string KnownTokens = "{Process}, {Pid}, {Worker}, {Category}, {Level} and {Host}; a brace that belongs to the path is doubled";

    private static readonly byte[][] Levels =
        [.. Enum.GetValues<LogLevel>().Select(level => Encoding.UTF8.GetBytes(LevelNames.Get(level, null)))];

    private readonly (TemplateField Field, byte[] Text)[] parts;

    /// <exception cref="TemplateException">The path has a token that no path can have, or a lone brace.</exception>
    public TokenPath(string path)
    {
        var tokens = TemplateParser.Parse(path);
        if (tokens.FirstOrDefault(token => !IsAllowed(token)) is { } wrong)
        {
            throw new TemplateException(path, wrong.Position, "a token that a path can have, without width and format", KnownTokens);
        }

        parts = [.. tokens.Select(token => (token.Field, TextOf(token)))];
        HasTokens = tokens.Any(token => token.Field != TemplateField.Literal);
        Start = string.Concat(tokens.TakeWhile(token => token.Field == TemplateField.Literal).Select(token => token.Text));
    }

    public bool HasTokens { get; }

    /// <summary>The text before the first token, with its braces single: the whole path when there is no token.</summary>
    public string Start { get; }

    /// <summary>Writes the path of the record's file, in UTF-8.</summary>
    public void Expand(scoped in RecordView record, ByteWriter output)
    {
        foreach (var (field, text) in parts)
        {
            switch (field)
            {
                case TemplateField.Process:
                    FileNamePart.Append(output, record.Process);
                    break;
                case TemplateField.Worker:
                    FileNamePart.Append(output, record.Worker);
                    break;
                case TemplateField.Category:
                    FileNamePart.Append(output, record.Category);
                    break;
                case TemplateField.Pid:
                    AppendNumber(output, record.Pid);
                    break;
                case TemplateField.Level:
                    output.WriteBytes(Levels[Math.Min((int)record.Level, Levels.Length - 1)]);
                    break;
                default:
                    output.WriteBytes(text);
                    break;
            }
        }
    }

    private static bool IsAllowed(TemplateToken token) => token is
    {
        Field: TemplateField.Literal or TemplateField.Process or TemplateField.Pid or TemplateField.Worker
            or TemplateField.Category or TemplateField.Level or TemplateField.Host,
        Width: 0,
        Format: null,
    };

    private static byte[] TextOf(TemplateToken token)
    {
        if (token.Field == TemplateField.Literal)
        {
            return Encoding.UTF8.GetBytes(token.Text);
        }

        var host = new ByteWriter(64);
        FileNamePart.Append(host, Encoding.UTF8.GetBytes(Environment.MachineName));
        return host.Written.ToArray();
    }

    private static void AppendNumber(ByteWriter output, int value)
    {
        Span<byte> digits = stackalloc byte[11];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        output.WriteBytes(digits[..length]);
    }
}
