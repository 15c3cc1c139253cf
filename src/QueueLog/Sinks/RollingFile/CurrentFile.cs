namespace QueueLog.Sinks.RollingFile;

/// <summary>The file of a log that is written: it comes and goes with rolls, and with what others do to it.</summary>
/// <param name="path">Its full path, links resolved.</param>
/// <param name="format">What must stand in it.</param>
/// <param name="period">Which period it is of; null where that does not matter.</param>
/// <param name="newFolders">How many folders were created for it, one in the other.</param>
internal sealed class CurrentFile(string path, FileFormat format, FilePeriod? period, int newFolders) : IDisposable
{
    // Null between a roll and the next flush, and after a failure to open it.
    private LogFile? file;

    // The file's folder and those above it, so many in all, may have names in them that are not on the disk.
    private int unsyncedFolders = newFolders + 1;
    private bool syncsOnClose;

    /// <summary>Bytes in the file, as of the last call; 0 where it has yet to be made.</summary>
    public long Length => file?.Length ?? 0;

    /// <summary>Whether there is an entry in it.</summary>
    // The lines that tell the format come with the first entry: what has length has entries.
    public bool HasEntries => Length > 0;

    /// <summary>Opens or creates it.</summary>
    /// <exception cref="LogFileException">It cannot be opened.</exception>
    public LogFile Open(bool overwrite, bool isOurs)
    {
        file = LogFile.Open(path, overwrite);
        try
        {
            format.Look(file, isOurs);
        }
        catch
        {
            Dispose();
            throw;
        }

        if (HasEntries)
        {
            period?.GoOn(file.LastWrite);
        }
        else
        {
            period?.Begin();
        }

        return file;
    }

    /// <summary>The file its path leads to, as long as it is now.</summary>
    /// <exception cref="LogFileException">It cannot be opened.</exception>
    public LogFile OpenAtPath()
    {
        if (!IsThere())
        {
            unsyncedFolders = Math.Max(unsyncedFolders, LogFile.CreateFolder(path) + 1);
            Open(overwrite: false, isOurs: false);
        }

        file!.Measure();
        return file;
    }

    /// <summary>Whether it is open and still where it was, with an entry in it.</summary>
    // Someone may have emptied or replaced it since it was looked at.
    public bool IsToBeRolled()
    {
        if (!IsThere())
        {
            return false;
        }

        file!.Measure();
        if (!HasEntries)
        {
            period?.Begin();
        }

        return HasEntries;
    }

    /// <summary>It has got another name: the next is to be a new one.</summary>
    public void RolledAway()
    {
        unsyncedFolders = Math.Max(unsyncedFolders, 1);
        Close();
        period?.Begin();
    }

    /// <summary>Brings it to the disk itself, with its name and those of rolled files; and from the first call on, whenever it is closed.</summary>
    public void Sync()
    {
        syncsOnClose = true;
        file?.Sync();
        FolderEntries.Sync(Path.GetDirectoryName(path) ?? path, unsyncedFolders);
        unsyncedFolders = 0;
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    // Someone may rename, delete or replace the file under our feet; what is written to it then does not appear in the log.
    private bool IsThere()
    {
        if (file is { IsAtPath: false })
        {
            Close();
        }

        return file is not null;
    }

    private void Close()
    {
        using var old = file;
        file = null;
        if (syncsOnClose)
        {
            old?.Sync();
        }
    }
}
