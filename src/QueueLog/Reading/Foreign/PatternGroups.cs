using System.Text;
using System.Text.RegularExpressions;

namespace QueueLog.Reading.Foreign;

/// <summary>The named groups of an expression, and what they stand for.</summary>
internal sealed class PatternGroups(Regex regex)
{
    public Regex Regex => regex;

    public IReadOnlyList<PatternGroup> Groups { get; } =
        [.. regex.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).Select(name => new PatternGroup(
            regex.GroupNumberFromName(name),
            Encoding.UTF8.GetBytes(name),
            FieldNames.Of(Encoding.UTF8.GetBytes(name)),
            name.Equals("status", StringComparison.OrdinalIgnoreCase)))];

    public bool Has(ForeignField field) => Groups.Any(group => group.Name.Field == field);

    public bool HasName(string name) => Groups.Any(group => Encoding.UTF8.GetString(group.Key).Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A named group.</summary>
/// <param name="Number">Its number in the expression.</param>
/// <param name="Key">Its name.</param>
/// <param name="Name">What the name stands for.</param>
/// <param name="IsStatus">Whether it is a status of HTTP.</param>
internal sealed record PatternGroup(int Number, byte[] Key, FieldName Name, bool IsStatus);
