using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Entries that wait to be written, and where between them the file is to be rolled.</summary>
internal sealed class PendingEntries(int keepCapacity)
{
    private readonly ByteWriter buffer = new(64 * 1024);
    private readonly List<int> rollPoints = [];

    /// <summary>Where entries are formatted to.</summary>
    public ByteWriter Buffer => buffer;

    /// <summary>Positions in the buffer, ascending: a roll is due before the byte there.</summary>
    public IReadOnlyList<int> RollPoints => rollPoints;

    public int Length => buffer.Length;

    public ReadOnlySpan<byte> this[Range range] => buffer.Written[range];

    public void RollBefore(int position) => rollPoints.Add(position);

    /// <summary>Takes what is done off the front.</summary>
    public void Drop(int bytes, int points)
    {
        rollPoints.RemoveRange(0, points);
        for (var i = 0; i < rollPoints.Count; i++)
        {
            rollPoints[i] -= bytes;
        }

        // What is left moves to the front of the same array: clearing leaves the bytes where they are.
        var rest = buffer.Written[bytes..];
        if (rest.IsEmpty)
        {
            buffer.Clear(keepCapacity);
        }
        else if (bytes > 0)
        {
            buffer.Clear();
            buffer.WriteBytes(rest);
        }
    }
}
