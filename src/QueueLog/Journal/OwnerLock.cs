namespace QueueLog.Journal;

/// <summary>A file that is locked as long as its owner lives: the system gives the lock back however the owner ends.</summary>
internal static class OwnerLock
{
    /// <summary>Takes the lock, or not when a living process has it.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream? TryAcquire(string path)
    {
        try
        {
            // On Windows the owner can then remove the file, and the folder it lies in, while it holds the lock, as on Unix.
            var share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>Whether a file could not be opened because someone has it locked.</summary>
    public static bool IsHeld(IOException exception)
    {
        const int SharingViolation = 32;
        const int LockViolation = 33;
        const int WouldBlockOnLinux = 11;
        const int WouldBlockElsewhere = 35;
        if (OperatingSystem.IsWindows())
        {
            return (exception.HResult & 0xFFFF) is SharingViolation or LockViolation;
        }

        return exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockElsewhere);
    }
}
