namespace QueueLog.Transport;

/// <summary>What processes that were killed have left in the state folder: on Unix their socket files, and everywhere what lies beside a pool's pipe.</summary>
internal static class SocketFiles
{
    public const string Extension = ".sock";

    // By default a pattern that ends in ".*" also matches a name without any such ending.
    private static readonly EnumerationOptions Exactly = new() { MatchType = MatchType.Simple };

    /// <summary>Removes the files of pools whose pipe is gone: on Windows a process may be unable to remove its own, as long as another has them mapped.</summary>
    public static void RemoveDeadBeside(string folder)
    {
        foreach (var beside in Directory.EnumerateFiles(folder, PipeName.WindowsStart + "*.*", Exactly))
        {
            // Made after the pipe, and named for it.
            if (!PipeConnector.IsAnswering(PipeName.WindowsPrefix + Path.GetFileNameWithoutExtension(beside)))
            {
                Remove(beside);
            }
        }
    }

    /// <summary>The sockets on which no one answers at present. Looked for before the take-over lock is taken, since others wait for that.</summary>
    public static string[] FindDead(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension, Exactly).Where(socket => !PipeConnector.IsAnswering(socket))];

    /// <summary>
    /// Removes sockets that were found dead, and what lies beside them. Called with the take-over lock held: under it no one has bound
    /// a socket and not yet listens. So each is asked once more, which takes no time where nobody listens: a newcomer may have it by now.
    /// </summary>
    public static void RemoveDead(string folder, IEnumerable<string> dead)
    {
        foreach (var socket in dead.Where(socket => !PipeConnector.IsAnswering(socket)))
        {
            Remove(socket);
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
