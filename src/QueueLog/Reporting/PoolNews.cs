using System.Globalization;
using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>What a record of a pool says of a worker's process, read from its message: there stands nothing of others before it.</summary>
internal sealed partial record PoolNews(PoolNewsKind Kind, string Worker, int Pid, string Text)
{
    public static PoolNews? Parse(string message) =>
        Of(PoolNewsKind.Born, Started().Match(message)) ?? Of(PoolNewsKind.Killed, Killed().Match(message)) ?? Of(PoolNewsKind.Died, Ended().Match(message));

    private static PoolNews? Of(PoolNewsKind kind, Match match) =>
        match.Success && int.TryParse(match.Groups["pid"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? new PoolNews(kind, match.Groups["worker"].Value, pid, match.Groups["text"].Value)
            : null;

    [GeneratedRegex(@"^(?<worker>\S+) started as process (?<pid>\d+)$")]
    private static partial Regex Started();

    [GeneratedRegex(@"^(?<worker>\S+) \(process (?<pid>\d+)\) (?<text>ended|died: it .*)$", RegexOptions.Singleline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^(?<worker>\S+) \(process (?<pid>\d+)\) was (?<text>killed: .*)$", RegexOptions.Singleline)]
    private static partial Regex Killed();
}

/// <summary>What a pool says of a process.</summary>
internal enum PoolNewsKind
{
    Born,
    Killed,
    Died,
}
