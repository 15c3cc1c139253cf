using System.Text.RegularExpressions;

namespace QueueLog.Reading.Search;

/// <summary>A regular expression for the text of entries, made ready once; each reader has an <see cref="EntryMatcher"/> of its own.</summary>
internal sealed class EntryPattern
{
    /// <exception cref="ArgumentException">The expression is wrong.</exception>
    public EntryPattern(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.Compiled
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        Regex = new Regex(pattern, options);
        var shape = PatternShape.Of(pattern);
        Literal = shape.Literal is { } text ? LiteralSearch.Create(text, ignoreCase) : null;
        StaysInLine = shape.StaysInLine;
    }

    public Regex Regex { get; }

    /// <summary>Looks for what no match is without; null where nothing is known.</summary>
    public LiteralSearch? Literal { get; }

    /// <summary>Whether every match lies within a line.</summary>
    public bool StaysInLine { get; }
}
