namespace QueueLog.Reading.Files;

/// <summary>The bytes of a log file, from the first to the last there are; later calls may find more.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>Where the next bytes stand in the file; in a compressed one, in what it unfolds to.</summary>
    public abstract long Position { get; }

    /// <summary>How far the file itself was read.</summary>
    public virtual long FilePosition => Position;

    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A compressed file is damaged or cut.</exception>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Fills a buffer as far as there is something.</summary>
    /// <returns>How many bytes were read.</returns>
    public int ReadFully(Span<byte> buffer)
    {
        var length = 0;
        while (length < buffer.Length && Read(buffer[length..]) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }

    public abstract void Dispose();
}
