using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;

namespace QueueLog.Pool.JobLog;

/// <summary>A job log: a line for each finished item. One run at a time writes it, and it can be read meanwhile.</summary>
internal sealed class JobLogFile : IDisposable
{
    private readonly FileLock owner;
    private readonly FileStream stream;
    private bool endsInLine;

    private JobLogFile(string path, string realPath, FileLock owner)
    {
        this.owner = owner;
        Path = path;

        // The lock is another file: on Unix one on this file itself would keep readers out as well.
        stream = new FileStream(LogFile.OpenOrCreate(realPath, former: null), FileAccess.ReadWrite, bufferSize: 0);
        History = new JobLogHistory();
    }

    /// <summary>What former runs have finished; empty unless asked for.</summary>
    public JobLogHistory History { get; private set; }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Opens a job log to be continued, or begins one.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="readsHistory">Whether it is to be read what former runs have finished.</param>
    /// <exception cref="LogFileInUseException">Another run, or a listener, writes the file.</exception>
    /// <exception cref="LogFileException">The state folder cannot be used, or another user could have planted the file.</exception>
    /// <exception cref="IOException">The file cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static JobLogFile Open(string path, bool readsHistory)
    {
        var realPath = RealPath.Of(path);
        var owner = FileLock.Acquire(realPath, new FileLockScope(StateFolder.Ensure(), ""));
        JobLogFile? file = null;
        try
        {
            file = new JobLogFile(path, realPath, owner);
            file.MoveToEnd(readsHistory);
            return file;
        }
        catch
        {
            file?.stream.Dispose();
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Appends a line with one write.</summary>
    /// <param name="line">The line and its end.</param>
    /// <exception cref="IOException">It cannot be written, or not whole.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        if (!endsInLine)
        {
            // A former run was killed while it wrote: what it left must not swallow this line.
            byte[] whole = [(byte)'\n', .. line];
            stream.Write(whole);
            endsInLine = true;
            return;
        }

        endsInLine = false;
        stream.Write(line);
        endsInLine = true;
    }

    public void Dispose()
    {
        stream.Dispose();
        owner.Dispose();
    }

    private void MoveToEnd(bool readsHistory)
    {
        if (readsHistory)
        {
            History = JobLogHistory.Read(stream);
        }

        endsInLine = stream.Length == 0;
        if (!endsInLine)
        {
            stream.Seek(-1, SeekOrigin.End);
            endsInLine = stream.ReadByte() == '\n';
        }

        stream.Seek(0, SeekOrigin.End);
    }
}
