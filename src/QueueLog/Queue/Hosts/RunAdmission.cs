using System.IO.Enumeration;

namespace QueueLog.Queue.Hosts;

/// <summary>Which runs a host takes part in.</summary>
internal static class RunAdmission
{
    /// <summary>Why a host takes no part in a run.</summary>
    /// <returns>Null when it takes part.</returns>
    public static string? RefusalOf(RunEntry run, string host, Version version) =>
        !Matches(run.On, host) ? $"it is for other hosts (-On {string.Join(", ", run.On)})"
        : !Version.TryParse(run.Version, out var wanted) || wanted.Major != version.Major || wanted.Minor != version.Minor ? $"it needs QueueLog {run.Version}, and the host has {version}"
        : null;

    /// <summary>Whether a host is among those that a run is for.</summary>
    public static bool Matches(string[] patterns, string host) =>
        patterns.Length == 0 || Array.Exists(patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, host, ignoreCase: true));
}
