namespace QueueLog.Reading.Files;

/// <summary>What was read of a file and not used yet; grows only where more has to be seen at once.</summary>
internal sealed class BlockBuffer(ByteSource source, int blockLength) : IDisposable
{
    // Enough for a small file: of the logs that are merged there may be thousands, each with a buffer.
    private const int FirstLength = 16 * 1024;

    private byte[] bytes = GC.AllocateUninitializedArray<byte>(Math.Min(blockLength, FirstLength));

    /// <summary>Where the first byte that was not used is.</summary>
    public int Start { get; set; }

    public int End { get; private set; }

    /// <summary>Where the first byte that was not used stands in the file.</summary>
    public long Position => source.Position - (End - Start);

    /// <summary>How far the file itself was read.</summary>
    public long ReadTo => source.FilePosition;

    /// <summary>Why the file could not be read to its end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>All that was not used.</summary>
    public ReadOnlySpan<byte> Rest => bytes.AsSpan(Start, End - Start);

    /// <summary>Everything up to a place.</summary>
    public ReadOnlySpan<byte> UpTo(int place) => bytes.AsSpan(0, place);

    /// <summary>Reads more, and moves what was not used to the beginning for it.</summary>
    /// <param name="most">Bytes that are never seen at once.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Fill(int most)
    {
        if (Failure is not null)
        {
            return false;
        }

        var wasFull = End == bytes.Length;
        if (Start > 0)
        {
            Rest.CopyTo(bytes);
            End -= Start;
            Start = 0;
        }

        if (wasFull && bytes.Length < blockLength)
        {
            Array.Resize(ref bytes, blockLength);
        }
        else if (End == bytes.Length)
        {
            // At once where it is nearly that: each step takes the memory of both.
            var doubled = bytes.Length * 2L;
            Array.Resize(ref bytes, doubled + doubled / 8 < most ? (int)doubled : Math.Max(most, bytes.Length + 1));
        }

        try
        {
            // What the last block ended with can be told now.
            var known = Math.Max(Start, End - 1);
            var read = source.Read(bytes.AsSpan(End));
            End += read;
            LoneBreaks.Replace(bytes.AsSpan(known, End - known));
            return read > 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Failure = exception;
            return false;
        }
    }

    /// <summary>Lets go of the memory that something long has taken and that is used no more.</summary>
    public void Shrink()
    {
        if (Start == End && bytes.Length > blockLength)
        {
            bytes = GC.AllocateUninitializedArray<byte>(blockLength);
            Start = End = 0;
        }
    }

    public void Dispose() => source.Dispose();
}
