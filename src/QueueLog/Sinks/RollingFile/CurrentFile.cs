using System.Diagnostics;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The file of a log that is written: it comes and goes with rolls, and with what others do to it.</summary>
/// <param name="path">Its full path at the start, links resolved.</param>
/// <param name="draft">Full path of the next one while it has yet to take its place.</param>
/// <param name="format">What must stand in it.</param>
/// <param name="period">Which period it is of; null where that does not matter.</param>
/// <param name="newFolders">How many folders were created for it, one in the other.</param>
/// <param name="spare">What it may go on in after a roll; disposed with it.</param>
internal sealed class CurrentFile(string path, string draft, FileFormat format, FilePeriod? period, int newFolders, PreparedFile spare) : IDisposable
{
    // Where files last longer, it does not matter what it costs to begin one.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);

    // Null between a roll and the next flush, and after a failure to open it.
    private LogFile? file;

    // The file's folder and those above it, so many in all, may have names in them that are not on the disk.
    private int unsyncedFolders = newFolders + 1;
    private bool syncsOnClose;
    private long begun;

    // Of the file that was closed last; null where they are a matter of the folder.
    private FileRights? rights;
    private NextFile? next;

    public string Path { get; private set; } = path;

    /// <summary>Bytes in the file, as of the last call; 0 where it has yet to be made.</summary>
    public long Length => file?.Length ?? 0;

    /// <summary>Whether there is an entry in it.</summary>
    // The lines that tell the format come with the first entry: what has length has entries.
    public bool HasEntries => Length > 0;

    /// <summary>When the last record in it was written, in UTC: by what stands in it, or else by its date.</summary>
    /// <param name="zone">That of times which name no other.</param>
    public DateTime LastRecord(TimeZoneInfo zone) => file is null ? default : LastEntry.TimeOf(file, zone) ?? file.LastWrite;

    /// <summary>Opens or creates it.</summary>
    /// <exception cref="LogFileException">It cannot be opened.</exception>
    public LogFile Open(bool overwrite, bool isOurs)
    {
        BeginWith(LogFile.Open(Path, overwrite, rights), isOurs);
        return file!;
    }

    /// <summary>The file its path leads to, as long as it is now.</summary>
    /// <exception cref="LogFileException">It cannot be opened.</exception>
    public LogFile OpenAtPath()
    {
        if (!IsThere())
        {
            unsyncedFolders = Math.Max(unsyncedFolders, LogFolder.Create(Path) + 1);
            Open(overwrite: false, isOurs: false);
        }

        file!.Measure();
        return file;
    }

    /// <summary>Whether it is open and still where it was, with an entry in it, or a name that is over.</summary>
    // Someone may have emptied or replaced it since it was looked at.
    public bool IsToBeRolled()
    {
        if (!IsThere())
        {
            return false;
        }

        file!.Measure();
        if (!HasEntries && period is not { NamesCurrent: true, IsOver: true })
        {
            period?.Begin();
            return false;
        }

        return true;
    }

    /// <summary>Makes the next one, so that this one may get another name.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void PrepareNext() => next ??= NextFile.Make(draft, file?.Rights, spare);

    /// <summary>It has got another name, or the next one has: that takes its place.</summary>
    public void RolledAway(string path)
    {
        unsyncedFolders = Math.Max(unsyncedFolders, 1);
        var wasShort = Stopwatch.GetElapsedTime(begun) < ShortLife;
        Close();
        period?.Begin();
        Path = path;
        if (next?.MoveTo(Path) is { } handle)
        {
            BeginWith(LogFile.OfNew(Path, handle), isOurs: false);
        }

        next = null;
        if (wasShort)
        {
            spare.Prepare();
        }
    }

    /// <summary>Brings it to the disk itself, with its name and those of rolled files; and from the first call on, whenever it is closed.</summary>
    public void Sync()
    {
        syncsOnClose = true;
        file?.Sync();
        FolderEntries.Sync(System.IO.Path.GetDirectoryName(Path) ?? Path, unsyncedFolders);
        unsyncedFolders = 0;
    }

    public void Dispose()
    {
        next?.Dispose();
        spare.Dispose();
        file?.Dispose();
        file = null;
    }

    private void BeginWith(LogFile opened, bool isOurs)
    {
        file = opened;
        begun = Stopwatch.GetTimestamp();
        try
        {
            format.Look(file, isOurs);
        }
        catch
        {
            file.Dispose();
            file = null;
            throw;
        }

        if (HasEntries)
        {
            period?.GoOn(LastRecord(period.LocalZone));
        }
        else
        {
            period?.Begin();
        }
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
        rights = old?.Rights ?? rights;
        if (syncsOnClose)
        {
            old?.Sync();
        }
    }
}
