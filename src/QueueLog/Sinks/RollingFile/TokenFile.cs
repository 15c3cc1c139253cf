namespace QueueLog.Sinks.RollingFile;

/// <summary>One of the files of a path with tokens: open, or refused.</summary>
internal sealed class TokenFile(byte[] key, string path)
{
    public string Path => path;

    public RollingFileSink? Sink { get; set; }

    /// <summary>Why it could not be opened.</summary>
    public LogFileException? Failure { get; set; }

    /// <summary>The larger the later.</summary>
    public long LastUsed { get; set; }

    public bool IsFor(ReadOnlySpan<byte> other) => other.SequenceEqual(key);
}
