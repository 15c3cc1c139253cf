using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.State;

/// <summary>Frames that go to a process together. What is large is not copied into them.</summary>
internal sealed class OutgoingFrames
{
    private const int KeepCapacity = 1024 * 1024;
    private const int LargeLength = 64 * 1024;

    private readonly ByteWriter writer = new(8 * 1024);

    // What stands elsewhere, and before which byte of the others.
    private readonly List<(int Position, ReadOnlyMemory<byte> Bytes)> large = [];

    public bool IsEmpty => writer.Length == 0 && large.Count == 0;

    /// <summary>All of it, in its order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts
    {
        get
        {
            var parts = new List<ReadOnlyMemory<byte>>(2 * large.Count + 1);
            var start = 0;
            foreach (var (position, bytes) in large)
            {
                parts.Add(writer.WrittenMemory[start..position]);
                parts.Add(bytes);
                start = position;
            }

            parts.Add(writer.WrittenMemory[start..]);
            return parts;
        }
    }

    public void Clear()
    {
        writer.Clear(KeepCapacity);
        large.Clear();
    }

    /// <summary>Adds whole frames.</summary>
    public void Add(ReadOnlyMemory<byte> frames)
    {
        if (frames.Length > LargeLength)
        {
            large.Add((writer.Length, frames));
        }
        else
        {
            writer.WriteBytes(frames.Span);
        }
    }

    /// <summary>Adds whole frames whose bytes will change.</summary>
    public void Copy(ReadOnlySpan<byte> frames) => writer.WriteBytes(frames);

    /// <summary>Adds a frame that says all by its type.</summary>
    public void Add(FrameType empty) => writer.EndFrame(writer.BeginFrame(empty));

    /// <summary>Adds items.</summary>
    public void Add(int run, List<WorkItem> items)
    {
        var first = large.Count;
        var frame = writer.BeginFrame(FrameType.Items);
        writer.WriteInt32(run);
        foreach (var item in items)
        {
            WorkCodec.WriteItemHeader(writer, item);
            Add(item.Payload);
        }

        writer.EndFrame(frame, large.Skip(first).Sum(static part => part.Bytes.Length));
    }
}
