using System.Text;

namespace QueueLog.Reading.Files;

/// <summary>What the text of a file in another encoding is in UTF-8.</summary>
internal sealed class DecodedSource(ByteSource bytes, Encoding encoding) : ByteSource
{
    private const int BlockLength = 32 * 1024;

    private readonly Decoder decoder = encoding.GetDecoder();
    private readonly byte[] block = new byte[BlockLength];
    private readonly char[] characters = new char[encoding.GetMaxCharCount(BlockLength)];
    private byte[] decoded = [];
    private int start;
    private long position;

    public override long Position => position;

    public override long FilePosition => bytes.FilePosition;

    public override int Read(Span<byte> buffer)
    {
        // A block may come to no character yet.
        while (start == decoded.Length)
        {
            var read = bytes.Read(block);
            if (read == 0)
            {
                return 0;
            }

            decoded = Encoding.UTF8.GetBytes(characters, 0, decoder.GetChars(block, 0, read, characters, 0, flush: false));
            start = 0;
        }

        var length = Math.Min(buffer.Length, decoded.Length - start);
        decoded.AsSpan(start, length).CopyTo(buffer);
        start += length;
        position += length;
        return length;
    }

    public override void Dispose() => bytes.Dispose();
}
