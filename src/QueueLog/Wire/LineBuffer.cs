namespace QueueLog.Wire;

/// <summary>Finds lines in received bytes. Not thread-safe.</summary>
// line = byte* [CR] LF; what stands behind the last LF is a line when nothing more comes
internal sealed class LineBuffer(int maxLength = ProtocolLimits.MaxLineLength)
{
    private const int UsualCapacity = 64 * 1024;

    // A read with less room than this is not worth its system call.
    private const int MinRead = 16 * 1024;

    private byte[] buffer = GC.AllocateUninitializedArray<byte>(Math.Min(UsualCapacity, MinRead));
    private int start;
    private int end;

    // Up to here there is no line feed.
    private int searched;

    public int Capacity => buffer.Length;

    /// <summary>Room for what is received next. It grows with what has arrived and is no line yet, and never beyond the longest line.</summary>
    public Memory<byte> Room()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            searched -= start;
            start = 0;
            if (buffer.Length > UsualCapacity && end < UsualCapacity / 2)
            {
                // One very long line must not keep its buffer for the life of the connection.
                Array.Resize(ref buffer, UsualCapacity);
            }
        }

        if (buffer.Length - end < MinRead && buffer.Length < maxLength + MinRead)
        {
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxLength + (long)MinRead));
        }

        return buffer.AsMemory(end);
    }

    /// <summary>So many bytes were put into the room.</summary>
    public void Received(int count) => end += count;

    /// <summary>Takes the next line, without its end.</summary>
    /// <param name="line">Valid until the next call of <see cref="Room"/>.</param>
    /// <returns>False when no whole line is there.</returns>
    /// <exception cref="ProtocolException">It is longer than any may be; <see cref="Rest"/> is its beginning.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
        searched = length < 0 ? end : searched + length;
        if (searched - start > maxLength)
        {
            throw new ProtocolException($"A line has more than {maxLength} bytes.");
        }

        if (length < 0)
        {
            line = default;
            return false;
        }

        line = WithoutReturn(buffer.AsSpan(start, searched - start));
        start = ++searched;
        return true;
    }

    /// <summary>What is left behind the last whole line.</summary>
    public ReadOnlySpan<byte> Rest => WithoutReturn(buffer.AsSpan(start, end - start));

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;
}
