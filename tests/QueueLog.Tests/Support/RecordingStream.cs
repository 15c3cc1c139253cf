using System.Text;

namespace QueueLog.Tests.Support;

/// <summary>Keeps each write apart, and fails while it is told to.</summary>
internal sealed class RecordingStream : MemoryStream
{
    public List<string> Writes { get; } = [];

    public Exception? OnWrite { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (OnWrite is not null)
        {
            throw OnWrite;
        }

        Writes.Add(Encoding.UTF8.GetString(buffer));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
