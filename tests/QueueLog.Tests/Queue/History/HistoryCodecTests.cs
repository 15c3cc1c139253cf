using QueueLog.Pool;
using QueueLog.Queue.History;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Queue.History;

public sealed class HistoryCodecTests
{
    private static readonly ReportedEnd End = new(7, ItemStatus.Crashed, 4711)
    {
        Started = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
        Duration = TimeSpan.FromSeconds(3),
        ExitCode = 5,
        Death = new WorkerDeath(4711, null, ["last line"]) { LastRecords = ["Information x"], HostFate = "was on host web1, which was lost" },
    };

    private static readonly Report Sample = new([new ResultsPart("Worker-1", new byte[] { 1, 2 }, [End, new ReportedEnd(8, ItemStatus.Completed, 0)]), new LostPart("Worker-2", End), new LinePart("Worker-3", true, "text")]);

    private static readonly HistoryEvent[] All =
    [
        new ChunkOffer("s1", [new OfferedItem(0, 1, 0, -5), new OfferedItem(300, 3, 2, long.MaxValue)]),
        new ChunkClaim("web 1", "a/b", 77),
        new ChunkResults(77, Sample),
        new ChunkResults(77, new Report([], "blob 1")),
        new ChunkEnd(77, EndReason.Returned, Sample),
        new ChunkEnd(0, EndReason.TakenBack, Report.Empty),
    ];

    [Fact]
    public void Every_message_survives_the_way() =>
        Assert.All(All, message => Assert.Equal(HistoryCodec.Encode(message), HistoryCodec.Encode(HistoryCodec.Decode(HistoryCodec.Encode(message)))));

    [Fact]
    public void What_is_known_of_an_end_survives_the_way()
    {
        var results = (ChunkResults)HistoryCodec.Decode(HistoryCodec.Encode(All[2]));
        var end = Assert.IsType<LostPart>(results.Report.Parts[1]).End;
        Assert.Equal(End with { Death = null }, end with { Death = null });
        Assert.Equal("was on host web1, which was lost", end.Death!.Describe());
        Assert.Equal(End.Death!.LastLines.Concat(End.Death.LastRecords), end.Death.LastLines.Concat(end.Death.LastRecords));
    }

    [Fact]
    public void A_message_that_is_cut_or_goes_on_is_refused() => Assert.All(All, static message =>
    {
        var encoded = HistoryCodec.Encode(message);
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => HistoryCodec.Decode(encoded.AsMemory(0, length)));
        }

        Assert.Throws<ProtocolException>(() => HistoryCodec.Decode(encoded.Append((byte)0).ToArray()));
    });

    [Fact]
    public void Work_survives_the_way_and_is_refused_when_it_is_cut()
    {
        var encoded = new WorkMessage("s1", 5, [new ChunkItem(3, 2, [9, 8]), new ChunkItem(4, 1, [])], "").Encode();
        Assert.Equal(encoded, WorkMessage.Decode(encoded).Encode());
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => WorkMessage.Decode(encoded.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_message_of_another_version_says_so()
    {
        Assert.Contains("version 9", Assert.Throws<ProtocolException>(() => HistoryCodec.Decode(new byte[] { 9, 1 })).Message);
        Assert.Contains("version 9", Assert.Throws<ProtocolException>(() => WorkMessage.Decode([9, 1])).Message);
    }

    [Fact]
    public void A_count_beyond_the_message_is_refused_before_anything_is_made_of_it()
    {
        // version, offer, submitter "s", and 2³¹−1 items.
        byte[] message = [1, 1, 1, (byte)'s', 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        Assert.Contains("announces", Assert.Throws<ProtocolException>(() => HistoryCodec.Decode(message)).Message);
    }
}
