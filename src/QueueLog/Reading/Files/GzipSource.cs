using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Reading.Files;

/// <summary>What a compressed file unfolds to. The handle is another's.</summary>
internal sealed class GzipSource(SafeFileHandle handle) : ByteSource
{
    private readonly GZipStream unfolded = new(new HandleStream(handle), CompressionMode.Decompress);
    private long position;

    // How a part begins: without and with the name of the file it was made from.
    private static ReadOnlySpan<byte> PlainHead => [0x1F, 0x8B, 8, 0];

    private static ReadOnlySpan<byte> NamedHead => [0x1F, 0x8B, 8, 8];

    public override long Position => position;

    /// <summary>Whether a file begins as a compressed one.</summary>
    public static bool IsMagic(SafeFileHandle handle)
    {
        Span<byte> start = stackalloc byte[3];
        return RandomAccess.Read(handle, start, 0) == start.Length && start.SequenceEqual(NamedHead[..3]);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = unfolded.Read(buffer);
        position += read;
        if (read == 0 && buffer.Length > 0)
        {
            ThrowIfCut();
        }

        return read;
    }

    public override void Dispose() => unfolded.Dispose();

    // A file that was cut unfolds to its beginning, and the runtime does not say so. Its last four bytes are the length it
    // should have come to, or the last part's where several files were joined to one.
    private void ThrowIfCut()
    {
        Span<byte> length = stackalloc byte[4];
        var end = RandomAccess.GetLength(handle);
        var isWhole = end >= 18
            && RandomAccess.Read(handle, length, end - 4) == 4
            && (BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)position || HasSecondPart(end));
        if (!isWhole)
        {
            throw new InvalidDataException("The compressed file ends too early.");
        }
    }

    private bool HasSecondPart(long end)
    {
        var block = new byte[64 * 1024];
        for (long start = 1; start < end; start += block.Length - 3)
        {
            var read = block.AsSpan(0, RandomAccess.Read(handle, block, start));
            if (read.IndexOf(PlainHead) >= 0 || read.IndexOf(NamedHead) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
