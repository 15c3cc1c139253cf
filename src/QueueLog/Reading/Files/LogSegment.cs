using System.Text;
using Microsoft.Win32.SafeHandles;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reading.Files;

/// <summary>One file of a log, open: what becomes of its name no longer matters.</summary>
internal sealed class LogSegment : IDisposable
{
    // Null for UTF-8.
    private Encoding? encoding;

    private LogSegment(string path, LogName name, SafeFileHandle handle)
    {
        Path = path;
        Name = name;
        Handle = handle;
        Identity = FileIdentity.Of(handle);
        LastWriteUtc = File.GetLastWriteTimeUtc(handle);
        Look();
    }

    public string Path { get; }

    public LogName Name { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Null where the system does not tell.</summary>
    public FileIdentity? Identity { get; }

    public DateTime LastWriteUtc { get; }

    /// <summary>By its first bytes, whatever its name says.</summary>
    public bool IsCompressed { get; private set; }

    /// <summary>Whether its bytes are read as they stand, so that the reading can begin at any place.</summary>
    public bool IsPlain => !IsCompressed && encoding is null;

    /// <summary>Whether more may be written to it.</summary>
    public bool IsLive => Name.IsCurrent && !Name.IsCompressed && !IsCompressed;

    /// <exception cref="IOException">It cannot be opened, or is no longer there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static LogSegment Open(string path, LogName name) =>
        new(path, name, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Tells by the first bytes what the file is. To be called again when these are others.</summary>
    public void Look()
    {
        IsCompressed = GzipSource.IsMagic(Handle) || (Name.IsCompressed && RandomAccess.GetLength(Handle) == 0);
        encoding = TextMark.Of(Peek());
    }

    public ByteSource Read()
    {
        var bytes = ReadBytes();
        return encoding is null ? bytes : new DecodedSource(bytes, encoding);
    }

    public void Dispose() => Handle.Dispose();

    private ByteSource ReadBytes() => IsCompressed ? new GzipSource(Handle) : new PlainSource(Handle);

    private byte[] Peek()
    {
        var start = new byte[TextMark.Length];
        try
        {
            using var bytes = ReadBytes();
            return start[..bytes.ReadFully(start)];
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Whoever reads it is told.
            return [];
        }
    }
}
