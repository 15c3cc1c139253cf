namespace QueueLog.Reading.Files;

/// <summary>The bytes of a log file, from the first to the last there are; later calls may find more.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>Where the next bytes stand in the file; in a compressed one, in what it unfolds to.</summary>
    public abstract long Position { get; }

    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A compressed file is damaged or cut.</exception>
    public abstract int Read(Span<byte> buffer);

    public abstract void Dispose();
}
