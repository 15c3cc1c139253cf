using Microsoft.Win32.SafeHandles;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reading.Files;

/// <summary>One file of a log, open: what becomes of its name no longer matters.</summary>
internal sealed class LogSegment : IDisposable
{
    private LogSegment(string path, LogName name, SafeFileHandle handle)
    {
        Path = path;
        Name = name;
        Handle = handle;
        Identity = FileIdentity.Of(handle);
        LastWriteUtc = File.GetLastWriteTimeUtc(handle);
    }

    public string Path { get; }

    public LogName Name { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Null where the system does not tell.</summary>
    public FileIdentity? Identity { get; }

    public DateTime LastWriteUtc { get; }

    public bool IsCompressed => Name.IsCompressed;

    /// <exception cref="IOException">It cannot be opened, or is no longer there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static LogSegment Open(string path, LogName name) =>
        new(path, name, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public ByteSource Read() => IsCompressed ? new GzipSource(Handle) : new PlainSource(Handle);

    public void Dispose() => Handle.Dispose();
}
