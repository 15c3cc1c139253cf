using Microsoft.Win32.SafeHandles;

namespace QueueLog.Sinks.RollingFile;

/// <summary>A file that grows at its end, one write at a time.</summary>
internal sealed class LogFile : IDisposable
{
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

    /// <summary>When the last of what was in the file was written, as of its opening, in UTC.</summary>
    public DateTime LastWrite { get; private set; }

    /// <summary>False when the file has been renamed, deleted or replaced: what is appended then does not appear under its path.</summary>
    public bool IsAtPath => identity is { } known ? known.IsAt(Path) : File.Exists(Path);

    /// <summary>The file that an open handle leads to, which is new and empty.</summary>
    public static LogFile OfNew(string path, SafeFileHandle handle) => new(path, handle);

    /// <summary>Opens or creates the file and its folders; a line torn by a crash is ended, so that no entry is glued to it.</summary>
    /// <exception cref="LogFileException">It cannot be opened.</exception>
    public static LogFile Open(string path, bool overwrite)
    {
        CreateFolder(path);
        if (Directory.Exists(path))
        {
            throw new LogFileException(path, LogFileFault.IsFolder, $"The log file '{path}' is a folder.");
        }

        LogFile? file = null;
        try
        {
            // Not FileMode.Create for overwriting: that would fail where the file is hidden, on Windows.
            var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            file = new LogFile(path, handle);
            if (overwrite)
            {
                file.Empty();
            }

            file.Length = RandomAccess.GetLength(handle);
            file.LastWrite = file.Length > 0 ? File.GetLastWriteTimeUtc(handle) : default;
            file.EndTornLine();
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw Explain(path, exception);
        }
    }

    /// <summary>Creates the folder of a file.</summary>
    /// <returns>How many folders had to be created, one in the other.</returns>
    /// <exception cref="LogFileException">It cannot be created.</exception>
    public static int CreateFolder(string path)
    {
        try
        {
            var folder = System.IO.Path.GetDirectoryName(path) ?? path;
            var missing = 0;
            for (var outer = folder; outer is not null && !Directory.Exists(outer); outer = System.IO.Path.GetDirectoryName(outer))
            {
                missing++;
            }

            Directory.CreateDirectory(folder);
            return missing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LogFileException(path, LogFileFault.NoFolder, $"The folder of '{path}' does not exist and cannot be created: {exception.Message}", exception);
        }
    }

    /// <summary>Makes sure that files can be created in a folder, which is created itself where it is missing.</summary>
    /// <returns>How many folders had to be created, one in the other.</returns>
    /// <exception cref="LogFileException">They cannot.</exception>
    public static int ProbeFolder(string folder)
    {
        var probe = System.IO.Path.Combine(folder, $".queuelog-{Guid.NewGuid():N}");
        var created = CreateFolder(probe);
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return created;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(folder, exception);
        }
    }

    /// <summary>Looks how long the file is, and cuts off what a failed append left behind its end.</summary>
    public void Measure()
    {
        CutTorn();
        if (!torn)
        {
            // The file is ours, but someone may have truncated it to save space: a write beyond its end would leave a hole.
            Length = RandomAccess.GetLength(handle);
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
            Append("\n"u8);

            // That is no entry, and the time of the last one tells to which period the file belongs.
            File.SetLastWriteTimeUtc(Path, LastWrite);
        }
    }

    private static LogFileException Explain(string path, Exception exception)
    {
        var (fault, message) = exception switch
        {
            UnauthorizedAccessException => (LogFileFault.AccessDenied, $"'{path}' may not be written: {exception.Message}"),
            NotSupportedException => (LogFileFault.NotAFile, $"'{path}' is no file that can be appended to."),
            _ => (LogFileFault.Other, $"'{path}' cannot be written: {exception.Message}"),
        };
        return new LogFileException(path, fault, message, exception);
    }
}
