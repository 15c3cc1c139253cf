using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
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

    // Only paths with tokens are asked, and to make it takes a starting listener longer than all else.
    private readonly Lazy<Regex> names;

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
        names = new Lazy<Regex>(() => NamesOf(tokens));
        var behind = tokens.SkipWhile(token => token.Field == TemplateField.Literal).Where(token => token.Field == TemplateField.Literal);
        IsOneFolder = !behind.Any(token => token.Text.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar));
        Start = string.Concat(tokens.TakeWhile(token => token.Field == TemplateField.Literal).Select(token => token.Text));
    }

    public bool HasTokens { get; }

    /// <summary>The text before the first token, with its braces single: the whole path when there is no token.</summary>
    public string Start { get; }

    /// <summary>Whether all its files are in one folder.</summary>
    public bool IsOneFolder { get; }

    /// <summary>Whether a file of a name could be one of the path's own logs.</summary>
    public bool MayName(string name) => names.Value.IsMatch(name);

    /// <summary>The full path of a log.</summary>
    /// <param name="expanded">What <see cref="Expand"/> has written.</param>
    // No log may have the name of an old file of another one: it would be rolled and deleted with those.
    public string ToFullPath(ReadOnlySpan<byte> expanded)
    {
        var path = Path.GetFullPath(Encoding.UTF8.GetString(expanded));
        var name = Path.GetFileName(path);
        while (RollingPath.LogsWith(name).FirstOrDefault(MayName) is { } log)
        {
            name = $"{log}_{name[(log.Length + 1)..]}";
        }

        return Path.Combine(Path.GetDirectoryName(path) ?? path, name);
    }

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

    // Of the last part of the path.
    private static Regex NamesOf(IReadOnlyList<TemplateToken> tokens)
    {
        var pattern = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Field == TemplateField.Literal && token.Text.AsSpan().LastIndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) is var end and >= 0)
            {
                pattern.Clear().Append(Regex.Escape(token.Text[(end + 1)..]));
                continue;
            }

            pattern.Append(token.Field switch
            {
                TemplateField.Literal => Regex.Escape(token.Text),
                TemplateField.Pid => "[0-9]+",
                _ => ".+",
            });
        }

        var options = RollingPath.NameComparison == StringComparison.OrdinalIgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None;
        return new Regex($"^(?:{pattern})$", options | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
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
