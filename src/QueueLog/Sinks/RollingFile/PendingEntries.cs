using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Entries that wait to be written, and where the last of them begins.</summary>
internal sealed class PendingEntries(int keepCapacity)
{
    private readonly ByteWriter buffer = new(64 * 1024);

    /// <summary>Where entries are formatted to.</summary>
    public ByteWriter Buffer => buffer;

    public int Length => buffer.Length;

    /// <summary>Where the last entry begins; the end where the last one was taken back or written.</summary>
    public int LastStart { get; private set; }

    /// <summary>The next entry begins here.</summary>
    public void Begin() => LastStart = buffer.Length;

    /// <summary>Takes back what was formatted since <see cref="Begin"/>.</summary>
    public void RemoveLast() => buffer.Truncate(LastStart);

    public ReadOnlySpan<byte> Due(bool withoutLast) => withoutLast ? buffer.Written[..LastStart] : buffer.Written;

    /// <summary>Takes what was due off the front.</summary>
    public void Drop(bool withoutLast)
    {
        // The last entry moves to the front of the same array: clearing leaves the bytes where they are.
        var rest = buffer.Written[Due(withoutLast).Length..];
        if (rest.IsEmpty)
        {
            buffer.Clear(keepCapacity);
        }
        else if (rest.Length < buffer.Length)
        {
            buffer.Clear();
            buffer.WriteBytes(rest);
        }

        LastStart = 0;
    }
}
