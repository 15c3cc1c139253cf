using Microsoft.Win32.SafeHandles;

namespace QueueLog.Reading.Files;

/// <summary>A file as it stands, or a stretch of it. The handle is another's.</summary>
internal sealed class PlainSource(SafeFileHandle handle, long start = 0, long end = long.MaxValue) : ByteSource
{
    private long position = start;

    public override long Position => position;

    public override int Read(Span<byte> buffer)
    {
        var room = (int)Math.Min(buffer.Length, end - position);
        var read = room > 0 ? RandomAccess.Read(handle, buffer[..room], position) : 0;
        position += read;
        return read;
    }

    public override void Dispose()
    {
    }
}
