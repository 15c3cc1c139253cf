using System.Text;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>A stretch of a host's spool on its way through the queue: whole records, or a piece of one that is longer than a packet.</summary>
/// <param name="Spool">Id of the spool.</param>
/// <param name="Previous">Where the stretch before it ends.</param>
/// <param name="Start">Where it begins: there, or at the start of a later segment.</param>
/// <param name="IsContinued">Whether it begins within a record.</param>
/// <param name="Bytes">The stretch.</param>
// packet = version:u8 spool:text previous:i64 start:i64 continued:u8 bytes
internal sealed record LogPacket(string Spool, SpoolPosition Previous, SpoolPosition Start, bool IsContinued, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Most bytes that an encoded packet has beside its stretch.</summary>
    public const int MaxOverhead = 64;

    private const byte Version = 1;
    private const int MaxSpoolLength = 32;

    /// <summary>Where it ends.</summary>
    public SpoolPosition End => new(Start.Value + Bytes.Length);

    /// <summary>What a repeat of it is known by. Its end belongs to it: a forwarder that starts anew cuts otherwise.</summary>
    public string Id => $"{Spool}/{Start.Value:x}-{End.Value:x}";

    public byte[] Encode()
    {
        var output = new ByteWriter(Bytes.Length + MaxOverhead);
        output.WriteByte(Version);
        output.WriteText(Spool);
        output.WriteInt64(Previous.Value);
        output.WriteInt64(Start.Value);
        output.WriteByte(IsContinued ? (byte)1 : (byte)0);
        output.WriteBytes(Bytes.Span);
        return output.Detach();
    }

    /// <exception cref="ProtocolException">It is none, or one of another version.</exception>
    public static LogPacket Decode(ReadOnlyMemory<byte> message)
    {
        var reader = new SpanReader(message.Span);
        if (reader.ReadByte() is var version and not Version)
        {
            throw new ProtocolException($"A packet of records is of version {version}; this module knows version {Version}.");
        }

        var spool = reader.ReadText();
        var previous = new SpoolPosition(reader.ReadInt64());
        var start = new SpoolPosition(reader.ReadInt64());
        var isContinued = reader.ReadByte() != 0;
        var length = reader.Rest.Length;
        if (spool.Length is 0 or > MaxSpoolLength || previous.Value < 0 || start < previous || length == 0 || start.Offset + length > uint.MaxValue)
        {
            throw new ProtocolException("A packet of records has an impossible place.");
        }

        return new LogPacket(Encoding.UTF8.GetString(spool), previous, start, isContinued, message[^length..]);
    }
}
