using QueueLog.Reading.Files;

namespace QueueLog.Tests.Reading;

/// <summary>A file that is in memory.</summary>
internal sealed class MemorySource(byte[] bytes) : ByteSource
{
    private int position;

    public override long Position => position;

    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, bytes.Length - position);
        bytes.AsSpan(position, length).CopyTo(buffer);
        position += length;
        return length;
    }

    public override void Dispose()
    {
    }
}
