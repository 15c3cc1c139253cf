using QueueLog.Wire;

namespace QueueLog.Transport;

/// <summary>One duplex stream, of frames unless its start says otherwise. One reads at a time; any number may send, each frame whole.</summary>
internal sealed partial class PipeConnection(Stream stream) : IAsyncDisposable
{
    // Until more is needed: a client with a journal sends frames of a few bytes, and there may be a thousand of them.
    private const int SmallestCapacity = 512;
    private const int InitialCapacity = 128 * 1024;

    // A read with less room than this is not worth its system call.
    private const int MinRead = 16 * 1024;

    // More at once is nothing gained; and a pipe of Windows takes a copy of all that it is given for its time.
    private const int MostPerCall = 1024 * 1024;

    // What fits into a socket's buffer that has room.
    private const int MostAtOnce = 8 * 1024;

    // Used by senders.
    private readonly SemaphoreSlim sending = new(1, 1);

    // Used by the reader.
    private byte[] buffer = GC.AllocateUninitializedArray<byte>(SmallestCapacity);
    private int start;
    private int end;

    private readonly CancellationTokenSource ended = new();
    private int disposed;

    // Whether the buffer may be made as large as a frame announces to be.
    private bool isTrusted;

    /// <summary>Cancelled once the reader has seen the end, so that a sender does not wait on a connection without a reader.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Longest frame the reader accepts; small until the peer has greeted.</summary>
    public int MaxFrameLength { get; set; } = ProtocolLimits.MaxGreetingLength;

    /// <summary>Accepts frames of any length: the peer has proved that it is one of ours.</summary>
    public void Trust()
    {
        isTrusted = true;
        MaxFrameLength = ProtocolLimits.MaxWorkFrameLength;
    }

    /// <summary>Reads the next frame; null at the end of the stream.</summary>
    /// <returns>A frame whose payload is valid until the next call.</returns>
    /// <exception cref="ProtocolException">The bytes are no frame, or the stream ends inside one.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryReadReceived(out var frame, out var missing))
            {
                return frame;
            }

            if (!Received(await stream.ReadAsync(buffer.AsMemory(end, Math.Min(buffer.Length - end, MostPerCall)), cancellation).ConfigureAwait(false), missing))
            {
                return null;
            }
        }
    }

    /// <summary>The payload of the frame that was read last, to be kept: copied, or a long one with the buffer it came in.</summary>
    public ReadOnlyMemory<byte> Keep(Frame frame)
    {
        if (frame.Payload.Length < 2 * InitialCapacity)
        {
            return frame.Payload.ToArray();
        }

        var rest = buffer.AsSpan(start, end - start);
        buffer = GC.AllocateUninitializedArray<byte>(Math.Max(InitialCapacity, rest.Length));
        rest.CopyTo(buffer);
        start = 0;
        end = rest.Length;
        return frame.Payload;
    }

    /// <summary>Whether an exception of a reader means that nothing more will come: broken or ended, it is the same.</summary>
    public static bool IsEnd(Exception e) => e is IOException or ProtocolException or ObjectDisposedException;

    /// <summary>Reads the next frame like <see cref="ReadAsync"/>, on the calling thread: for a thread that does nothing else.</summary>
    public Frame? Read()
    {
        TryRead(null, out var frame);
        return frame;
    }

    /// <summary>Reads the next frame like <see cref="Read"/>, if it comes in time. What has come of another is kept for the next read.</summary>
    /// <param name="timeout">How long to wait for news, in whole milliseconds; null for ever. Where the system cannot wait so, not at all.</param>
    /// <param name="frame">The frame; null at the end of the stream.</param>
    /// <returns>Whether there was one, or the end.</returns>
    /// <exception cref="ProtocolException">As for <see cref="Read"/>.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryRead(TimeSpan? timeout, out Frame? frame)
    {
        while (true)
        {
            if (TryReadReceived(out var next, out var missing))
            {
                frame = next;
                return true;
            }

            frame = null;
            if (timeout is { } limit && !PipeSystem.WaitForNews(stream, limit))
            {
                return false;
            }

            if (!Received(stream.Read(buffer.AsSpan(end, Math.Min(buffer.Length - end, MostPerCall))), missing))
            {
                return true;
            }
        }
    }

    /// <summary>Sends bytes that are one or more whole frames.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellation) => SendAsync([frames], cancellation);

    /// <summary>Sends parts that are one or more whole frames together.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellation)
    {
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            foreach (var part in parts)
            {
                if (part.Length < 2 * InitialCapacity)
                {
                    await stream.WriteAsync(part, cancellation).ConfigureAwait(false);
                }
                else
                {
                    // Not as above: a socket remembers what it sent last, for as long as it lives.
                    await Task.Factory.StartNew(() => Write(part.Span), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Sends like <see cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, on the calling thread.</summary>
    /// <param name="frames">One or more frames.</param>
    /// <param name="rest">What is missing of the last of them.</param>
    public void Send(ReadOnlySpan<byte> frames, ReadOnlySpan<byte> rest = default)
    {
        sending.Wait();
        try
        {
            stream.Write(frames);
            Write(rest);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>
    /// Sends a few frames on the calling thread if nobody has to wait for that. A connection that is otherwise read and written by
    /// threads of its own spares the system's notice of each message to the thread pool, and with it a thread's wake-up for each.
    /// </summary>
    /// <returns>Whether they were sent.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TrySend(ReadOnlySpan<byte> frames)
    {
        if (frames.Length > MostAtOnce || !sending.Wait(0))
        {
            return false;
        }

        try
        {
            if (!PipeSystem.HasRoom(stream))
            {
                return false;
            }

            stream.Write(frames);
            return true;
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Sends a frame without payload, or with a short one.</summary>
    public ValueTask SendAsync(FrameType type, ReadOnlySpan<byte> payload, CancellationToken cancellation)
    {
        var writer = new ByteWriter(FrameReader.HeaderLength + payload.Length);
        var frame = writer.BeginFrame(type);
        writer.WriteBytes(payload);
        writer.EndFrame(frame);
        return SendAsync(writer.WrittenMemory, cancellation);
    }

    /// <summary>Called by the reader when nothing more will come.</summary>
    public void MarkEnded() => ended.Cancel();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, MostPerCall);
            stream.Write(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    private bool TryReadReceived(out Frame frame, out int missing)
    {
        ReadOnlyMemory<byte> received = buffer.AsMemory(start, end - start);
        if (FrameReader.TryRead(ref received, MaxFrameLength, out frame, out missing))
        {
            start = end - received.Length;
            return true;
        }

        MakeRoom(missing);
        return false;
    }

    /// <returns>False at the end of the stream.</returns>
    private bool Received(int count, int missing)
    {
        end += count;
        return count > 0 || (start == end ? false : throw new ProtocolException($"The connection ended inside a frame, {missing} bytes short."));
    }

    private void MakeRoom(int missing)
    {
        if (start == end)
        {
            start = end = 0;
            if (buffer.Length > 2 * InitialCapacity && missing < InitialCapacity)
            {
                // One very long frame must not keep its buffer for the life of the connection.
                buffer = GC.AllocateUninitializedArray<byte>(InitialCapacity);
            }
        }

        var free = buffer.Length - end;
        if (free >= Math.Min(missing, MinRead) && (free >= MinRead || start == 0))
        {
            return;
        }

        if (buffer.Length == SmallestCapacity && end - start + missing <= SmallestCapacity)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
            return;
        }

        // The buffer grows with what has arrived, not with what a frame announces: a peer that only promises much gets none of it.
        var held = end - start;
        var wanted = Math.Min((long)held + missing, isTrusted ? int.MaxValue : Math.Max(2L * held, InitialCapacity));
        byte[] target;
        try
        {
            target = buffer.Length >= wanted && buffer.Length - held >= MinRead ? buffer : GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(wanted, (long)held + MinRead), Array.MaxLength));
        }
        catch (OutOfMemoryException)
        {
            throw new ProtocolException($"There is no memory for a frame of {held + (long)missing:N0} bytes.");
        }

        buffer.AsSpan(start, held).CopyTo(target);
        buffer = target;
        start = 0;
        end = held;
    }
}
