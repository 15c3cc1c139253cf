namespace QueueLog.Queue.Hosts;

/// <summary>A history of each host's own in a run: of what belongs to no chunk, and of whether the host has done with the run.</summary>
internal static class HostNotes
{
    private const string Prefix = "host-";

    /// <summary>Whether a history is one of these.</summary>
    public static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    public static string NameOf(HostLife life) => $"{Prefix}{life.Incarnation}-{life.Number}";
}
