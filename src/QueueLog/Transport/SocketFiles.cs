namespace QueueLog.Transport;

/// <summary>The socket files of the state folder, on Unix: a process that is killed leaves its own behind.</summary>
internal static class SocketFiles
{
    public const string Extension = ".sock";

    /// <summary>Removes those on which no one answers, and what lies beside them. Called with the take-over lock held: under it no one has bound a socket and not yet listens.</summary>
    public static void RemoveDead(string folder)
    {
        foreach (var socket in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            if (PipeConnector.IsAnswering(socket))
            {
                continue;
            }

            foreach (var left in Directory.EnumerateFiles(folder, Path.GetFileName(socket) + "*"))
            {
                try
                {
                    File.Delete(left);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The next one to come removes it.
                }
            }
        }
    }
}
