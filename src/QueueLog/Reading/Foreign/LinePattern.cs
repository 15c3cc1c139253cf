using System.Text.RegularExpressions;

namespace QueueLog.Reading.Foreign;

/// <summary>How the lines of a program look: expressions whose groups have the names of fields.</summary>
internal sealed class LinePattern
{
    // Ctrl+C waits for it. No sensible expression needs so long for a line.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lazy<Regex[]> plain;
    private readonly Lazy<Regex[]> compiled;

    /// <param name="name">What the view says.</param>
    /// <param name="expressions">The first that matches a line counts.</param>
    public LinePattern(string name, params string[] expressions)
    {
        Name = name;
        plain = new Lazy<Regex[]>(() => Create(expressions, RegexOptions.None));
        compiled = new Lazy<Regex[]>(() => Create([.. expressions, .. ((string?[])[Otherwise, OtherwiseByClock]).OfType<string>()], RegexOptions.Compiled));
        Certain = expressions.Length;
    }

    /// <summary>How many of the expressions tell by themselves what a line is.</summary>
    public int Certain { get; }

    public string Name { get; }

    /// <summary>What belongs to the entry above.</summary>
    public FurtherLines Further { get; init; }

    /// <summary>The level of an entry that names none.</summary>
    public LevelSource Level { get; init; }

    /// <summary>Matches entries that no expression does, in a file of these lines; by itself it tells nothing.</summary>
    public string? Otherwise { get; init; }

    /// <summary>The same where the times of the file have no date: elsewhere a line that begins with such a time is a further one.</summary>
    public string? OtherwiseByClock { get; init; }

    /// <summary>To look at a few lines.</summary>
    public IReadOnlyList<Regex> Plain => plain.Value;

    /// <summary>To read a file.</summary>
    public IReadOnlyList<Regex> Compiled => compiled.Value;

    /// <summary>A pattern of a user's.</summary>
    /// <exception cref="ArgumentException">The expression is wrong.</exception>
    public static LinePattern OfExpression(string expression)
    {
        var pattern = new LinePattern("pattern", expression) { Further = FurtherLines.Indented };
        _ = pattern.Plain;
        return pattern;
    }

    /// <summary>Whether an expression names any group, without which it says nothing.</summary>
    public bool HasNames => Plain.Any(regex => Array.Exists(regex.GetGroupNames(), name => !char.IsAsciiDigit(name[0])));

    private static Regex[] Create(string[] expressions, RegexOptions options) =>
        Array.ConvertAll(expressions, expression => new Regex(expression, options | RegexOptions.CultureInvariant, Limit));
}

/// <summary>Which lines belong to the entry above them.</summary>
internal enum FurtherLines
{
    /// <summary>None: each line is an entry.</summary>
    None,

    /// <summary>Those that do not fit and are indented, or belong to the print of an exception.</summary>
    Indented,

    /// <summary>All that do not fit.</summary>
    All,
}

/// <summary>Where the level of an entry is found that names none.</summary>
internal enum LevelSource
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>In its message, if it says one.</summary>
    Message,

    /// <summary>At the beginning of the line below, with the message behind it: java.util.logging's.</summary>
    NextLine,

    /// <summary>In the status of HTTP: 4xx is a warning, 5xx an error, anything else Information.</summary>
    Status,
}
