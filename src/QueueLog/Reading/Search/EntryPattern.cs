using System.Text.RegularExpressions;

namespace QueueLog.Reading.Search;

/// <summary>A regular expression for the text of entries, made ready once; each reader has an <see cref="EntryMatcher"/> of its own.</summary>
internal sealed class EntryPattern
{
    // Ctrl+C waits for it. No sensible expression needs so long for a block.
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    // In one pass even the longest entry needs less, on any machine.
    private static readonly TimeSpan LinearLimit = TimeSpan.FromMinutes(1);

    private readonly Lazy<Regex?> linear;

    /// <param name="pattern">The expression.</param>
    /// <param name="ignoreCase">Whether case does not matter.</param>
    /// <param name="limit">How long a match may take that may backtrack; null for the default.</param>
    /// <exception cref="ArgumentException">The expression is wrong.</exception>
    public EntryPattern(string pattern, bool ignoreCase, TimeSpan? limit = null)
    {
        var options = RegexOptions.Multiline | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        var longest = limit ?? DefaultLimit;
        Regex = new Regex(pattern, options | RegexOptions.Compiled, longest);
        linear = new Lazy<Regex?>(() => CreateLinear(pattern, options));
        var shape = PatternShape.Of(pattern);
        Literal = shape.Literal is { } text ? LiteralSearch.Create(text, ignoreCase) : null;
        StaysInLine = shape.StaysInLine;
    }

    /// <summary>Fast for nearly every expression and entry, and endless for some.</summary>
    public Regex Regex { get; }

    /// <summary>The same expression for the engine that tries nothing twice; null where it has what that engine does not know.</summary>
    public Regex? Linear => linear.Value;

    /// <summary>Looks for what no match is without; null where nothing is known.</summary>
    public LiteralSearch? Literal { get; }

    /// <summary>Whether every match lies within a line.</summary>
    public bool StaysInLine { get; }

    private static Regex? CreateLinear(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, LinearLimit);
        }
        catch (NotSupportedException)
        {
            // It looks around, or back at what a group has matched.
            return null;
        }
    }
}
