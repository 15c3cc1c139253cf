using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>Follows one spool through the packets that come of it: drops what has come before, and makes whole records of pieces.</summary>
/// <param name="position">Up to where the log has it.</param>
internal sealed class FeedTrack(SpoolPosition position)
{
    private readonly ByteWriter partial = new(256);

    // Up to where packets have come, and up to where records were given out, or given up.
    private SpoolPosition received = position;
    private SpoolPosition given = position;

    // Where the record begins of which a part is here.
    private SpoolPosition partialStart;

    // Of a record whose beginning is lost the rest is of no use.
    private bool isSkipping;

    /// <summary>Takes a packet.</summary>
    /// <returns>The records that are whole now; null for none. Valid until the next call.</returns>
    public FeedPart? Accept(LogPacket packet)
    {
        if (packet.End <= received)
        {
            return null;
        }

        var previous = given;
        if (packet.Previous > received)
        {
            // The queue has lost what was between.
            partial.Clear();
            previous = packet.Previous;
            isSkipping = packet.IsContinued;
        }

        isSkipping &= packet.IsContinued;
        var known = packet.Start < received ? (int)(received.Value - packet.Start.Value) : 0;
        var start = new SpoolPosition(packet.Start.Value + known);
        var bytes = packet.Bytes[known..];
        received = packet.End;
        if (isSkipping)
        {
            given = received;
            return null;
        }

        return Cut(previous, start, bytes);
    }

    private FeedPart? Cut(SpoolPosition previous, SpoolPosition start, ReadOnlyMemory<byte> bytes)
    {
        if (partial.Length > 0)
        {
            partial.WriteBytes(bytes.Span);
            bytes = partial.WrittenMemory;
            start = partialStart;
        }

        var whole = RecordCodec.WholeLength(bytes.Span);
        if (bytes.Length - whole >= RecordCodec.LengthPrefix && RecordCodec.TotalLength(bytes.Span[whole..]) == 0)
        {
            // What is no record counts as whole: the log says that it cannot be read.
            whole = bytes.Length;
        }

        var isCopied = partial.Length > 0;
        if (whole < bytes.Length && !isCopied)
        {
            partial.WriteBytes(bytes.Span[whole..]);
            partialStart = new SpoolPosition(start.Value + whole);
        }
        else if (whole > 0 && isCopied)
        {
            bytes = bytes[..whole].ToArray();
            var rest = partial.Written[whole..].ToArray();
            partial.Clear(keepCapacity: 1024 * 1024);
            partial.WriteBytes(rest);
            partialStart = new SpoolPosition(start.Value + whole);
        }

        if (whole == 0)
        {
            return null;
        }

        given = new SpoolPosition(start.Value + whole);
        return new FeedPart(previous, start, bytes[..whole]);
    }
}

/// <summary>Whole records of a spool.</summary>
/// <param name="Previous">Where the records before them end.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="Records">The records.</param>
internal sealed record FeedPart(SpoolPosition Previous, SpoolPosition Start, ReadOnlyMemory<byte> Records);
