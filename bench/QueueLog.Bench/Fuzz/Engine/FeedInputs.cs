using QueueLog.Queue.Logs;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Records of other machines: as they come through a queue, and to a listener.</summary>
internal static class FeedInputs
{
    public static void WriteFeed(Random random, ByteWriter output)
    {
        var frame = new ByteWriter();
        FeedCodec.BeginFeed(frame, "web2/" + random.Next(), random.Next(1000), 1000 + random.NextInt64(long.MaxValue / 2));
        output.WriteBytes(frame.Written[FrameReader.HeaderLength..]);
        RecordInputs.WriteRecords(random, output);
    }

    public static void ReadFeed(byte[] input)
    {
        var feed = FeedCodec.ReadFeed(input);
        RecordInputs.Read(feed.Records.ToArray());
    }

    public static void WritePacket(Random random, ByteWriter output)
    {
        var records = new ByteWriter();
        RecordInputs.WriteRecords(random, records);
        var start = new SpoolPosition(random.Next(1, 100), random.Next(1000));
        output.WriteBytes(new LogPacket("spool" + random.Next(), start, start, Sample.Bool(random), records.Detach()).Encode());
    }

    public static void ReadPacket(byte[] input)
    {
        var packet = LogPacket.Decode(input);
        _ = new FeedTrack(default).Accept(packet);
    }
}
