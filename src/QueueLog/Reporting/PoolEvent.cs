using System.Globalization;
using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>What a record of a pool says about a worker's process, read from its message, which begins with nothing that others wrote.</summary>
internal sealed partial record PoolEvent(PoolEventKind Kind, string Worker, int Pid, string Text)
{
    public static PoolEvent? Parse(string message) =>
        Of(PoolEventKind.Born, Started().Match(message)) ?? Of(PoolEventKind.Killed, Killed().Match(message)) ?? Of(PoolEventKind.Died, Ended().Match(message))
        ?? Of(PoolEventKind.Replaced, Replaced().Match(message));

    private static PoolEvent? Of(PoolEventKind kind, Match match) =>
        match.Success && int.TryParse(match.Groups["pid"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? new PoolEvent(kind, match.Groups["worker"].Value, pid, match.Groups["text"].Value)
            : null;

    [GeneratedRegex(@"^(?<worker>\S+) started as process (?<pid>\d+)$")]
    private static partial Regex Started();

    [GeneratedRegex(@"^(?<worker>\S+) \(process (?<pid>\d+)\) (?<text>ended|died: it .*)$", RegexOptions.Singleline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^(?<worker>\S+) \(process (?<pid>\d+)\) was (?<text>killed: .*)$", RegexOptions.Singleline)]
    private static partial Regex Killed();

    [GeneratedRegex(@"^(?<worker>\S+) \(process (?<pid>\d+)\) (?<text>is replaced after \d+ items)$")]
    private static partial Regex Replaced();
}

/// <summary>What a pool says of a process.</summary>
internal enum PoolEventKind
{
    Born,
    Killed,
    Died,

    /// <summary>It had run as many items, or used as much memory, as it may.</summary>
    Replaced,
}
