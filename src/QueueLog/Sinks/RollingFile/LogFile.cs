using Microsoft.Win32.SafeHandles;
using QueueLog.Diagnostics;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>A file that grows at its end, one write at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle handle;
    private readonly FileIdentity? identity;

    // Behind the end there may be what a failed append has written.
    private bool torn;
    private bool unsynced;

    private LogFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        identity = FileIdentity.Of(handle);
    }

    public string Path { get; }

    /// <summary>Bytes in the file, as of the last call.</summary>
    public long Length { get; private set; }

    /// <summary>Whether its length was another than it was left with: someone else writes it, or has cut it off. Whoever has told of it sets it back.</summary>
    public bool WasChanged { get; set; }

    /// <summary>When the file was last written or touched, in UTC.</summary>
    public DateTime LastWrite => File.GetLastWriteTimeUtc(handle);

    /// <summary>False when the file has been renamed, deleted or replaced: what is appended then does not appear under its path.</summary>
    public bool IsAtPath => identity is { } known ? known.IsAt(Path) : File.Exists(Path);

    /// <summary>The file that an open handle leads to, which is new and empty.</summary>
    public static LogFile OfNew(string path, SafeFileHandle handle) => new(path, handle);

    /// <summary>What the next file is to have, too; null where that is a matter of the folder.</summary>
    public FileRights? Rights => FileRights.Of(handle);

    /// <summary>Opens or creates the file and its folders; a line torn by a crash is ended, so that no entry is glued to it.</summary>
    /// <param name="path">Its full path, links resolved.</param>
    /// <param name="overwrite">Whether what is in it is discarded.</param>
    /// <param name="former">The rights of the file whose place it takes; null for one that was named at the start.</param>
    /// <exception cref="LogFileException">It cannot be opened, or another user could have planted it.</exception>
    public static LogFile Open(string path, bool overwrite, FileRights? former = null)
    {
        LogFolder.Create(path);
        if (Directory.Exists(path))
        {
            throw new LogFileException(path, LogFileFault.IsFolder, $"The log file '{path}' is a folder.");
        }

        LogFile? file = null;
        try
        {
            // Emptied when it is known which file it is; and FileMode.Create would fail where it is hidden, on Windows.
            var handle = OpenOrCreate(path, former);
            file = new LogFile(path, handle);
            if (overwrite)
            {
                file.Empty();
            }

            file.Length = RandomAccess.GetLength(handle);
            file.RefuseOtherEncoding();
            file.EndTornLine();
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw exception as LogFileException ?? LogFileException.Of(path, exception);
        }
    }

    // What is appended is UTF-8: within UTF-16 nobody could read either.
    private void RefuseOtherEncoding()
    {
        Span<byte> mark = stackalloc byte[2];
        if (Read(mark, 0) == mark.Length && mark is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            throw new LogFileException(Path, LogFileFault.Other, $"'{Path}' is text in UTF-16, and a log is UTF-8. Convert the file, or start with -Overwrite.");
        }
    }

    /// <summary>Opens or creates a file, whatever others do in its folder at this moment.</summary>
    /// <param name="path">Its full path, links resolved.</param>
    /// <param name="former">The rights of the file whose place it takes; null for one that was named at the start.</param>
    /// <exception cref="LogFileInUseException">Someone writes it, be it another user or in another container.</exception>
    /// <exception cref="LogFileException">Another user could have planted it.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle OpenOrCreate(string path, FileRights? former)
    {
        const int Attempts = 10;
        for (var attempt = 1; ; attempt++)
        {
            // The user's own, who has moved a log that is written.
            var isLink = !OperatingSystem.IsWindows() && FileStatus.OfName(path) is { IsLink: true };
            var real = isLink ? RealPath.Of(path) : path;
            try
            {
                PlantedName.CheckFile(real, former);
                return Locked(real, NamedFile.Open(real) ?? NamedFile.Create(real, former));
            }
            catch (IOException exception) when (attempt < Attempts && (exception is FileReplacedException || NamedFile.IsTaken(exception)))
            {
            }
        }
    }

    // The system may give back the lock of a process that was killed a moment after the process is gone.
    private static SafeFileHandle Locked(string path, SafeFileHandle handle)
    {
        for (var limit = new WaitLimit(LockTimeout); !WriteLock.TryAcquire(handle); Thread.Sleep(LockPause))
        {
            if (limit.IsOver())
            {
                handle.Dispose();
                throw new LogFileInUseException(path, owner: null);
            }
        }

        return handle;
    }

    /// <summary>Looks how long the file is, and cuts off what a failed append left behind its end.</summary>
    public void Measure()
    {
        CutTorn();
        if (!torn)
        {
            // The file is ours, but someone may have truncated it to save space: a write beyond its end would leave a hole.
            var length = RandomAccess.GetLength(handle);
            WasChanged |= length != Length;
            Length = length;
        }
    }

    /// <summary>Reads from a place on, until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes there were.</returns>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        for (int count; total < buffer.Length && (count = RandomAccess.Read(handle, buffer[total..], offset + total)) > 0;)
        {
            total += count;
        }

        return total;
    }

    /// <summary>Discards what is in the file.</summary>
    public void Empty()
    {
        RandomAccess.SetLength(handle, 0);
        Length = 0;
        unsynced = true;
    }

    /// <summary>Writes at the end, all or nothing: after a failure the file ends where it did before.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => Append(default, bytes);

    /// <summary>The same with something before it.</summary>
    // If it cannot even be cut back, the next append starts at the same place and overwrites what this one left.
    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Measure();
        unsynced = true;
        var wasTorn = torn;
        torn = true;
        try
        {
            if (!first.IsEmpty)
            {
                RandomAccess.Write(handle, first, Length);
            }

            RandomAccess.Write(handle, bytes, Length + first.Length);
            Length += first.Length + bytes.Length;
            torn = wasTorn;
        }
        finally
        {
            CutTorn();
        }
    }

    /// <summary>Brings everything appended to the disk itself.</summary>
    public void Sync()
    {
        if (unsynced)
        {
            FileContent.Sync(handle);
            unsynced = false;
        }
    }

    public void Dispose() => handle.Dispose();

    private void CutTorn()
    {
        if (!torn)
        {
            return;
        }

        try
        {
            // Never longer: that would be a hole where someone has truncated the file.
            if (RandomAccess.GetLength(handle) > Length)
            {
                RandomAccess.SetLength(handle, Length);
            }

            torn = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next call tries again.
        }
    }

    private void EndTornLine()
    {
        Span<byte> last = stackalloc byte[1];
        if (Length > 0 && RandomAccess.Read(handle, last, Length - 1) == 1 && last[0] != (byte)'\n')
        {
            var lastWrite = LastWrite;
            Append("\n"u8);

            // That is no entry, and the time of the last one tells to which period the file belongs.
            File.SetLastWriteTimeUtc(handle, lastWrite);
        }
    }
}
