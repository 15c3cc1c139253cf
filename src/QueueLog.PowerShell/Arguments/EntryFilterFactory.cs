using System.Collections;
using System.Management.Automation;
using System.Text;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Makes filters of what a user asks for: wildcards, as everywhere in PowerShell.</summary>
internal static class EntryFilterFactory
{
    /// <summary>A bit for each level that is wanted; 0 for all.</summary>
    public static int Levels(LogLevel[]? levels, LogLevel? minimum)
    {
        var wanted = levels is null ? 0 : levels.Aggregate(0, (bits, level) => bits | EntryFilter.BitOf(level));
        var above = minimum is null ? 0 : Enum.GetValues<LogLevel>().Where(level => level >= minimum).Aggregate(0, (bits, level) => bits | EntryFilter.BitOf(level));
        return levels is not null && minimum is not null ? NotAll(wanted & above) : wanted | above;
    }

    /// <exception cref="WildcardPatternException">A pattern is wrong.</exception>
    public static TextFilter? Texts(string[]? patterns)
    {
        if (patterns is null)
        {
            return null;
        }

        var wildcards = Array.ConvertAll(patterns, Wildcard);
        return new TextFilter(text => Array.Exists(wildcards, wildcard => wildcard.IsMatch(text)));
    }

    /// <exception cref="WildcardPatternException">A pattern is wrong.</exception>
    public static IReadOnlyList<PropertyFilter> Properties(IDictionary? properties)
    {
        if (properties is null)
        {
            return [];
        }

        var filters = new List<PropertyFilter>();
        foreach (DictionaryEntry entry in properties)
        {
            var wanted = RecordMapper.Unwrap(entry.Value) is object?[] several ? Array.ConvertAll(several, Test) : [Test(entry.Value)];
            filters.Add(new PropertyFilter(Encoding.UTF8.GetBytes(entry.Key.ToString() ?? ""), value => Array.Exists(wanted, test => test(value))));
        }

        return filters;
    }

    // No level is all levels: what contradicts itself must find none.
    private static int NotAll(int levels) => levels == 0 ? 1 << 31 : levels;

    private static Func<object?, bool> Test(object? wanted)
    {
        wanted = RecordMapper.Unwrap(wanted);
        if (wanted is null)
        {
            return value => value is null;
        }

        // By their texts: 3 and '3' are the same to whoever looks for an item.
        var wildcard = Wildcard(ValueText.Of(wanted));
        return value => value is not null && wildcard.IsMatch(ValueText.Of(value));
    }

    private static WildcardPattern Wildcard(string pattern)
    {
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

        // A wrong pattern says so only when it is used.
        wildcard.IsMatch("");
        return wildcard;
    }
}
