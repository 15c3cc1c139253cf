using QueueLog.Transport;

namespace QueueLog.Queue.Logs;

/// <summary>Where hosts keep their spools: <c>root/host/run</c>.</summary>
internal static class HostSpools
{
    /// <summary>The user's own, on a disk: what is in the state folder may not outlive the machine.</summary>
    public static string DefaultRoot
    {
        get
        {
            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            var isChosen = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(StateFolder.OverrideVariable));
            return Path.Combine(isChosen || data.Length == 0 ? StateFolder.Default : Path.Combine(data, "QueueLog"), "spools");
        }
    }

    public static string FolderOf(string root, string host, string run) => Path.Combine(root, QueueName.Encode(host), QueueName.Encode(run));

    /// <summary>The runs of which a host has a spool: those that it worked for when it died, or could not hand over in time.</summary>
    public static IReadOnlyList<string> FindRuns(string root, string host)
    {
        var folder = Path.Combine(root, QueueName.Encode(host));
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Select(path => QueueName.Decode(Path.GetFileName(path))).OfType<string>().Order(StringComparer.Ordinal)]
            : [];
    }
}
