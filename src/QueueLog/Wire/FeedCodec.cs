using System.Text;

namespace QueueLog.Wire;

/// <summary>The frames by which records of other machines come to a log.</summary>
internal static class FeedCodec
{
    /// <summary>Longest key in bytes.</summary>
    public const int MaxKeyLength = 1024;

    // Feed = key:text previous:i64 start:i64 records
    //        previous: where the records before these end; start: where these begin, more than previous only in a new segment
    /// <summary>Writes the frame's start, up to where the records follow.</summary>
    /// <returns>Where the frame starts.</returns>
    public static int BeginFeed(ByteWriter output, string key, long previous, long start)
    {
        var frame = output.BeginFrame(FrameType.Feed);
        output.WriteText(key);
        output.WriteInt64(previous);
        output.WriteInt64(start);
        return frame;
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static FeedView ReadFeed(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var key = ReadKey(ref reader);
        var previous = reader.ReadInt64();
        var start = reader.ReadInt64();
        return previous >= 0 && start >= previous && start <= long.MaxValue - reader.Rest.Length
            ? new FeedView { Key = key, Previous = previous, Start = start, Records = reader.Rest }
            : throw new ProtocolException($"Records cannot be from {start} on behind {previous}.");
    }

    // FeedTaken = key:text position:i64
    public static void WriteTaken(ByteWriter output, string key, long position)
    {
        var frame = output.BeginFrame(FrameType.FeedTaken);
        output.WriteText(key);
        output.WriteInt64(position);
        output.EndFrame(frame);
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (string Key, long Position) ReadTaken(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        return (ReadKey(ref reader), reader.ReadInt64());
    }

    // FeedMissing = host:text sinceUtcTicks:i64
    public static void WriteMissing(ByteWriter output, string host, DateTimeOffset since)
    {
        var frame = output.BeginFrame(FrameType.FeedMissing);
        output.WriteText(host);
        output.WriteInt64(since.UtcTicks);
        output.EndFrame(frame);
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (string Host, long SinceUtcTicks) ReadMissing(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        var host = ReadKey(ref reader);
        var since = reader.ReadInt64();
        return (ulong)since <= (ulong)DateTime.MaxValue.Ticks ? (host, since) : throw new ProtocolException("A machine's log has an impossible time.");
    }

    /// <summary>What a spool is called in a log: the machine, and its id.</summary>
    public static string KeyOf(string host, string spool) => $"{host}/{spool}";

    /// <summary>The machine of a key.</summary>
    public static string HostOf(string key) => key.LastIndexOf('/') is >= 0 and var end ? key[..end] : key;

    private static string ReadKey(ref SpanReader reader)
    {
        var key = reader.ReadText();
        return key.Length is > 0 and <= MaxKeyLength ? Encoding.UTF8.GetString(key) : throw new ProtocolException($"A name has {key.Length} bytes; between 1 and {MaxKeyLength} are allowed.");
    }
}

/// <summary>A Feed frame that still lies in the buffer it was received in.</summary>
internal ref struct FeedView
{
    /// <summary>Whose records.</summary>
    public string Key;

    /// <summary>Where the records before these end.</summary>
    public long Previous;

    /// <summary>Where these begin.</summary>
    public long Start;

    /// <summary>The records, each with its process; empty for a question.</summary>
    public ReadOnlySpan<byte> Records;
}
