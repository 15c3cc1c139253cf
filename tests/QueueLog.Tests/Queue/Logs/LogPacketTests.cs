using QueueLog.Queue.Logs;
using QueueLog.Sinks.Spool;
using QueueLog.Wire;

namespace QueueLog.Tests.Queue.Logs;

public sealed class LogPacketTests
{
    private static readonly LogPacket Sample = new("0123456789abcdef0123456789abcdef", new SpoolPosition(2, 17), new SpoolPosition(3, 0), true, new byte[] { 1, 2, 3 });

    [Fact]
    public void A_packet_survives_the_way()
    {
        var encoded = Sample.Encode();
        var read = LogPacket.Decode(encoded);
        Assert.Equal(Sample with { Bytes = default }, read with { Bytes = default });
        Assert.Equal(Sample.Bytes.ToArray(), read.Bytes.ToArray());
        Assert.True(encoded.Length <= Sample.Bytes.Length + LogPacket.MaxOverhead);
    }

    [Fact]
    public void One_that_is_cut_is_refused()
    {
        var encoded = Sample.Encode();
        for (var length = 0; length <= encoded.Length - Sample.Bytes.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => LogPacket.Decode(encoded.AsMemory(0, length)));
        }
    }

    [Fact]
    public void One_of_another_version_says_so()
    {
        var encoded = Sample.Encode();
        encoded[0] = 9;
        Assert.Contains("version 9", Assert.Throws<ProtocolException>(() => LogPacket.Decode(encoded)).Message);
    }

    [Fact]
    public void One_that_is_cut_otherwise_is_another_to_the_queue()
    {
        var shorter = Sample with { Bytes = Sample.Bytes[..2] };
        Assert.NotEqual(Sample.Id, shorter.Id);
        Assert.Equal(Sample.Id, (Sample with { Bytes = new byte[] { 4, 5, 6 } }).Id);
    }

    [Fact]
    public void The_end_of_a_log_survives_the_way()
    {
        var end = new LogEnd(Sample.Spool, new SpoolPosition(3, 4));
        var encoded = end.Encode();
        Assert.Equal(end, LogEnd.Decode(encoded));
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => LogEnd.Decode(encoded.AsSpan(0, length)));
        }
    }
}
