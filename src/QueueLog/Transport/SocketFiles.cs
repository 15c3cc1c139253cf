namespace QueueLog.Transport;

/// <summary>The socket files of the state folder, on Unix: a process that is killed leaves its own behind.</summary>
internal static class SocketFiles
{
    public const string Extension = ".sock";

    // By default a pattern that ends in ".*" also matches a name without any such ending.
    private static readonly EnumerationOptions Exactly = new() { MatchType = MatchType.Simple };

    /// <summary>Removes those on which no one answers, and what lies beside them. Called with the take-over lock held: under it no one has bound a socket and not yet listens.</summary>
    public static void RemoveDead(string folder)
    {
        foreach (var socket in Directory.EnumerateFiles(folder, "*" + Extension, Exactly))
        {
            if (!PipeConnector.IsAnswering(socket))
            {
                Remove(socket);
            }
        }

        // What lies beside a socket is made after it and is of no use without it.
        foreach (var beside in Directory.EnumerateFiles(folder, "*" + Extension + ".*", Exactly))
        {
            if (!File.Exists(Path.Combine(folder, Path.GetFileNameWithoutExtension(beside))))
            {
                Remove(beside);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one to come removes it.
        }
    }
}
