using System.Buffers.Binary;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>What a ring holds that the listener cannot take. It goes over the pipe, before everything that is written from then on.</summary>
// Made by the receiver of a connection, then used by its sender alone.
internal sealed class RingBacklog
{
    // Of records in a frame; the last of them may make it longer.
    private const int Portion = 32 * 1024;

    private readonly RingChannel channel;
    private readonly RingReader? ring;
    private readonly ByteWriter frame = new();
    private long sequence;
    private bool isHidden;
    private bool isUnreadable;
    private bool hasTaken;

    /// <param name="channel">The ring's; nobody has written to it since it was completed.</param>
    public RingBacklog(RingChannel channel)
    {
        this.channel = channel;
        Lost = channel.Abandon();
        try
        {
            ring = RingReader.Open(channel.Path);
            sequence = ring.HeadSequence;

            // A listener that does see it, of another log perhaps whose path is the same elsewhere, would write the records once more.
            isHidden = RingFiles.TryHide(channel.Path);
        }
        catch (Exception e) when (e is IOException or ProtocolException)
        {
            GiveUp();
        }
    }

    /// <summary>Records that are in no log, of which the listener is to be told behind the others.</summary>
    public long Lost { get; private set; }

    /// <summary>Begins again behind what was sent: the connection is another.</summary>
    public void Rewind()
    {
        ring?.Rewind();
        sequence = ring?.HeadSequence ?? sequence;
    }

    /// <summary>The next records, as a whole frame that is valid until the next call.</summary>
    /// <returns>False when there are no more.</returns>
    public bool TryRead(out ReadOnlyMemory<byte> records)
    {
        frame.Clear(4 * Portion);
        var start = frame.BeginFrame(FrameType.Records);
        var empty = frame.Length;
        try
        {
            while (ring is not null && !isUnreadable && frame.Length < Portion && ring.TryRead(out var record))
            {
                sequence = BinaryPrimitives.ReadInt64LittleEndian(record[RecordCodec.LengthPrefix..]);
                frame.WriteBytes(record);
                hasTaken = true;
            }
        }
        catch (ProtocolException)
        {
            GiveUp();
        }

        var hasAny = frame.Length > empty;
        frame.EndFrame(start);
        records = frame.WrittenMemory;
        return hasAny;
    }

    /// <summary>What was taken last is out of this process.</summary>
    public void MarkSent() => ring!.Commit(ring.Position, sequence);

    /// <summary>Everything is sent: the ring is of no use any more.</summary>
    public void Remove()
    {
        ring?.Dispose();
        channel.Dispose();
        RingFiles.DeleteHidden(channel.Path);
    }

    /// <summary>No more is sent: leaves the rest to a listener that sees the ring.</summary>
    /// <param name="count">How many records that are.</param>
    /// <returns>False when none can find it either.</returns>
    public bool TryLeave(out long count)
    {
        count = isUnreadable ? 0 : channel.Pending;
        if (count == 0 || (isHidden && !RingFiles.TryUnhide(channel.Path)))
        {
            Remove();
            return false;
        }

        ring?.Dispose();
        channel.Dispose();
        return true;
    }

    // Somebody has written to its file. The listener misses the numbers of these records once it has had one of those before.
    private void GiveUp()
    {
        isUnreadable = true;
        Lost += hasTaken ? 0 : channel.Pending;
    }
}
