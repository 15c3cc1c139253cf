using System.Buffers.Binary;

namespace QueueLog.Wire;

/// <summary>Finds frames in received bytes.</summary>
internal static class FrameReader
{
    // frame  = length:u32le type:u8 payload        length counts type and payload
    public const int HeaderLength = 5;

    /// <summary>Takes the first frame off <paramref name="received"/>.</summary>
    /// <param name="received">Bytes received so far; shortened by the frame.</param>
    /// <param name="maxLength">Largest length that is accepted, checked before anyone waits for the rest.</param>
    /// <param name="frame">The frame, pointing into <paramref name="received"/>.</param>
    /// <param name="missing">When false is returned: how many more bytes the frame needs, as far as is known.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="ProtocolException">The length is zero or over the limit.</exception>
    public static bool TryRead(ref ReadOnlyMemory<byte> received, int maxLength, out Frame frame, out int missing)
    {
        frame = default;
        var bytes = received.Span;
        if (bytes.Length < HeaderLength)
        {
            missing = HeaderLength - bytes.Length;
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length == 0 || length > (uint)maxLength)
        {
            throw new ProtocolException($"A frame announces {length} bytes; between 1 and {maxLength} are allowed.");
        }

        var total = 4 + (int)length;
        if (bytes.Length < total)
        {
            missing = total - bytes.Length;
            return false;
        }

        missing = 0;
        frame = new Frame((FrameType)bytes[4], received[HeaderLength..total]);
        received = received[total..];
        return true;
    }
}

/// <summary>One message of the protocol; the payload lies in the reader's buffer and is valid until the next read.</summary>
internal readonly record struct Frame(FrameType Type, ReadOnlyMemory<byte> Payload);
