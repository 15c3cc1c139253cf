using System.IO.Enumeration;

namespace QueueLog.Queue.Hosts;

/// <summary>Which runs a host takes part in.</summary>
internal static class RunAdmission
{
    /// <summary>Why a host takes no part in a run.</summary>
    /// <param name="on">Patterns of the hosts that the run is for; none for all.</param>
    /// <param name="wanted">Version of the submitter's module.</param>
    /// <param name="host">Name of the host.</param>
    /// <param name="present">Version of the host's module.</param>
    /// <returns>Null when it takes part.</returns>
    public static string? RefusalOf(string[] on, string wanted, string host, string present) =>
        !Matches(on, host) ? $"it is for other hosts (-On {string.Join(", ", on)})"
        : !Version.TryParse(wanted, out var needed) || !Version.TryParse(present, out var version) || needed.Major != version.Major || needed.Minor != version.Minor ? $"it needs QueueLog {wanted}, and the host has {present}"
        : null;

    /// <summary>Whether a host is among those that a run is for.</summary>
    public static bool Matches(string[] patterns, string host) =>
        patterns.Length == 0 || Array.Exists(patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, host, ignoreCase: true));
}
