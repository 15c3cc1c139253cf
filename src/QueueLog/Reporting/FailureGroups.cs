using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>Groups failures by what their messages have in common.</summary>
internal sealed partial class FailureGroups
{
    // A hostile log may have any number of messages. Beyond this many they form one group.
    private const int Most = 200;
    private const string Others = "(others)";

    private readonly Dictionary<(FailureKind, string), FailureGroup> groups = [];

    public IReadOnlyList<FailureGroup> ByCount => [.. groups.Values.OrderBy(group => group.Kind).ThenByDescending(group => group.Count)];

    public void AddItem(ReportItem item)
    {
        var message = item.Error.Length > 0 ? item.Error : item.Status.ToString();
        Of(FailureKind.Items, Shape(message), message).Add(item.End, item.Index, item.Input);
    }

    /// <param name="template">The template of the record's message; null where the log does not show it.</param>
    /// <param name="message">Its message.</param>
    /// <param name="time">UTC ticks.</param>
    /// <param name="item">Index of its item; -1 for none.</param>
    public void AddRecord(string? template, string message, long time, long item) =>
        Of(FailureKind.Records, template is null ? Shape(message) : ReportText.Cut(ReportText.FirstLine(template), ReportText.LongestShape), message).Add(time, item, "");

    private FailureGroup Of(FailureKind kind, string template, string message)
    {
        if (groups.TryGetValue((kind, template), out var group))
        {
            return group;
        }

        if (groups.Count >= Most)
        {
            template = Others;
            if (groups.TryGetValue((kind, template), out group))
            {
                return group;
            }
        }

        return groups[(kind, template)] = new FailureGroup(kind, template, ReportText.Cut(message, ReportText.LongestExample));
    }

    /// <summary>The first line of a message without what differs from one to the next: numbers, and what stands in quotation marks.</summary>
    private static string Shape(string message) =>
        Changing().Replace(ReportText.Cut(ReportText.FirstLine(message), ReportText.LongestShape), match => match.Value[0] is '\'' or '"' ? $"{match.Value[0]}…{match.Value[0]}" : "#");

    [GeneratedRegex("""'[^']*'|"[^"]*"|\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\b|\b0x[0-9a-fA-F]+\b|\d+(?:[.,:]\d+)*""")]
    private static partial Regex Changing();
}
