using Microsoft.Win32.SafeHandles;

namespace QueueLog.Sinks.RollingFile;

/// <summary>A file that grows at its end, one write at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private bool appendFailed;

    private LogFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
    }

    public string Path { get; }

    /// <summary>Bytes in the file, as of the last call.</summary>
    public long Length { get; private set; }

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
                RandomAccess.SetLength(handle, 0);
            }

            file.Length = RandomAccess.GetLength(handle);
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
    /// <exception cref="LogFileException">It cannot be created.</exception>
    public static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LogFileException(path, LogFileFault.NoFolder, $"The folder of '{path}' does not exist and cannot be created: {exception.Message}", exception);
        }
    }

    /// <summary>Makes sure that files can be created in a folder, which is created itself where it is missing.</summary>
    /// <exception cref="LogFileException">They cannot.</exception>
    public static void ProbeFolder(string folder)
    {
        var probe = System.IO.Path.Combine(folder, $".queuelog-{Guid.NewGuid():N}");
        CreateFolder(probe);
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(folder, exception);
        }
    }

    /// <summary>Writes at the end. After a failure the same bytes may be given again: what had been written of them is overwritten.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (!appendFailed)
        {
            // The file is ours, but someone may have truncated it to save space: a write beyond its end would leave a hole.
            Length = RandomAccess.GetLength(handle);
        }

        appendFailed = true;
        RandomAccess.Write(handle, bytes, Length);
        appendFailed = false;
        Length += bytes.Length;
    }

    public void Dispose() => handle.Dispose();

    private void EndTornLine()
    {
        Span<byte> last = stackalloc byte[1];
        if (Length > 0 && RandomAccess.Read(handle, last, Length - 1) == 1 && last[0] != (byte)'\n')
        {
            Append("\n"u8);
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
