using System.Globalization;
using System.Text.RegularExpressions;

namespace QueueLog.Reading.Checks;

/// <summary>What an entry of the listener's own says, read from its message.</summary>
internal sealed partial record ListenerEvent(ListenerEventKind Kind, string Process, int Pid, long Count, long LastSequence)
{
    public static ListenerEvent Parse(string message)
    {
        if (Missing().Match(message) is { Success: true } missing)
        {
            return Of(ListenerEventKind.Missing, missing);
        }

        if (Dropped().Match(message) is { Success: true } dropped)
        {
            return Of(ListenerEventKind.Dropped, dropped);
        }

        if (Limited().Match(message) is { Success: true } limited)
        {
            return Of(ListenerEventKind.Limited, limited);
        }

        if (Ended().Match(message) is { Success: true } ended)
        {
            return Of(ListenerEventKind.Ended, ended);
        }

        if (HostMissing().Match(message) is { Success: true } host)
        {
            return Of(ListenerEventKind.HostMissing, host);
        }

        return new ListenerEvent(ListenerEventKind.Other, "", 0, 0, 0);
    }

    private static ListenerEvent Of(ListenerEventKind kind, Match match) =>
        new(kind, match.Groups["process"].Value, (int)Number(match, "pid"), Number(match, "count"), Number(match, "last"));

    private static long Number(Match match, string group) =>
        long.TryParse(match.Groups[group].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^(?<count>\d+) records of (?<process>.*) \(pid (?<pid>-?\d+)\) are missing before its number (?<last>-?\d+)$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^(?<count>\d+) records of (?<process>.*) \(pid (?<pid>-?\d+)\) (were left out because the log was behind|are not in the log: no listener took them in time)$", RegexOptions.Singleline)]
    private static partial Regex Dropped();

    [GeneratedRegex(@"^(?<count>\d+) records (like '.*'|of category '.*'|without a category) were left out: more than \d+ came within a second$", RegexOptions.Singleline)]
    private static partial Regex Limited();

    [GeneratedRegex(@"^(?<process>.*) \(pid (?<pid>-?\d+)\) ended without a goodbye; its last record was number (?<last>-?\d+), and -?\d+ were recovered from its journal(; it ended by [\w ]+)?$", RegexOptions.Singleline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^The log of host (?<process>.*) is missing since .*$", RegexOptions.Singleline)]
    private static partial Regex HostMissing();
}

/// <summary>What the listener tells of records and clients in its own records.</summary>
internal enum ListenerEventKind
{
    /// <summary>Something that says nothing of numbers.</summary>
    Other,

    /// <summary>Numbers are missing.</summary>
    Missing,

    /// <summary>Records were left out before they had numbers.</summary>
    Dropped,

    /// <summary>Records of several clients, perhaps, were left out behind their numbers, by a limit.</summary>
    Limited,

    /// <summary>It has ended, with that number.</summary>
    Ended,

    /// <summary>The log of a machine did not come to its end.</summary>
    HostMissing,
}
