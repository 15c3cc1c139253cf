using System.Text;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Queue.Logs;

/// <summary>What a life of a host leaves on the queue when its log is whole: where that ends.</summary>
// end = version:u8 spool:text position:i64
internal sealed record LogEnd(string Spool, SpoolPosition Position)
{
    /// <summary>Longest encoded end.</summary>
    public const int MaxLength = 256;

    private const byte Version = 1;

    /// <summary>Name of the blob.</summary>
    public static string NameOf(string host, string incarnation) => $"log-end/{host}/{incarnation}";

    public byte[] Encode()
    {
        var output = new ByteWriter(64);
        output.WriteByte(Version);
        output.WriteText(Spool);
        output.WriteInt64(Position.Value);
        return output.Detach();
    }

    /// <exception cref="ProtocolException">It is none.</exception>
    public static LogEnd Decode(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        return reader.ReadByte() == Version
            ? new LogEnd(Encoding.UTF8.GetString(reader.ReadText()), new SpoolPosition(reader.ReadInt64()))
            : throw new ProtocolException("The end of a host's log is of another version.");
    }
}
