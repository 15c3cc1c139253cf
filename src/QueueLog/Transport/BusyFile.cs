namespace QueueLog.Transport;

/// <summary>
/// Replaces and removes files that others may have open at that moment. On Windows that is refused for as long, to readers of a
/// microsecond and to whoever looks at every new file; on Unix it never is.
/// </summary>
internal static class BusyFile
{
    // About a second. They are counted, and no clock is asked: on a busy machine this process has its chances late, as the others do.
    private const int Attempts = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Does something with files, again and again for a second or more while one of them is busy.</summary>
    /// <exception cref="IOException">As of the action, when it is busy for longer, and at once for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Retry(Action action)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                action();
                return;
            }
            catch (Exception e) when (IsBusy(e) && attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Replaces a file as a whole: it is never seen half written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Replace(string path, string text)
    {
        var draft = path + ".draft";
        File.WriteAllText(draft, text);
        Retry(() => File.Move(draft, path, overwrite: true));
    }

    /// <summary>Reads a file that is replaced in this way, without being in the way.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Whether a file could not be replaced or removed because somebody has it open.</summary>
    public static bool IsBusy(Exception exception)
    {
        const int AccessDenied = 5;
        const int SharingViolation = 32;
        const int LockViolation = 33;
        const int FolderNotEmpty = 145;
        const int Mapped = 1224;
        return OperatingSystem.IsWindows()
            && exception is IOException or UnauthorizedAccessException
            && (exception.HResult & 0xFFFF) is AccessDenied or SharingViolation or LockViolation or FolderNotEmpty or Mapped;
    }
}
