using CsCheck;
using QueueLog.Queue.Logs;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>Whatever a forwarder cuts, repeats and begins anew: each record comes out once, whole and in order.</summary>
public sealed class FeedTrackTests
{
    // Messages of records of a spool, by their lengths, in segments; how a forwarder that dies again and again cuts them; and from which record on the log lacks them.
    private static readonly Gen<(int[][] Segments, (int Longest, int Back)[] Lives, int Known)> History = Gen.Select(
        Gen.Int[30, 400].Array[0, 12].Array[1, 4],
        Gen.Select(Gen.Int[30, 200], Gen.Int[0, 6]).Array[1, 5],
        Gen.Int[0, 10]);

    [Fact]
    public void Each_record_comes_out_once_and_in_order() => History.Sample(history =>
    {
        var spool = new SpoolModel(history.Segments);
        var known = spool.Boundaries[Math.Min(history.Known, spool.Boundaries.Count - 1)];
        var track = new FeedTrack(known);
        var end = known;
        var given = new List<byte>();
        foreach (var packet in spool.Forward(history.Lives))
        {
            if (track.Accept(packet) is { } part)
            {
                // The log finds no gap, and nothing that it has.
                Assert.Equal(end, part.Previous);
                Assert.True(part.Start.Value == end.Value || (part.Start.Segment > end.Segment && part.Start.Offset == 0));
                end = new SpoolPosition(part.Start.Value + part.Records.Length);
                given.AddRange(part.Records.ToArray());
            }
        }

        Assert.Equal(spool.After(known), given);
    });

    [Fact]
    public void What_the_queue_has_lost_is_a_gap_and_the_rest_of_a_cut_record_is_left_out()
    {
        var spool = new SpoolModel([[50, 300, 60, 70]]);
        var packets = spool.Forward([(100, 0)]).ToArray();

        // The first record, four pieces of the second, the third.
        Assert.Equal([false, false, true, true, true, false], packets[..6].Select(packet => packet.IsContinued));
        var track = new FeedTrack(default);
        Assert.NotNull(track.Accept(packets[0]));
        Assert.Null(track.Accept(packets[1]));
        Assert.Null(track.Accept(packets[3]));
        Assert.Null(track.Accept(packets[4]));
        var part = track.Accept(packets[5]);
        Assert.Equal(packets[5].Start, part!.Start);
        Assert.Equal(packets[5].Previous, part.Previous);
        Assert.True(part.Previous > packets[0].End);
    }

    [Fact]
    public void What_is_no_record_is_given_out_as_it_is_and_what_follows_is_read_on()
    {
        var nonsense = new LogPacket("s", default, new SpoolPosition(1, 0), false, new byte[] { 0, 0, 0, 0, 1, 2, 3 });
        var record = Encoded.Record("one");
        var track = new FeedTrack(default);
        Assert.Equal(7, track.Accept(nonsense)!.Records.Length);
        Assert.Equal(record, track.Accept(new LogPacket("s", nonsense.End, nonsense.End, false, record))!.Records.ToArray());
    }

    /// <summary>A spool of records of given lengths, and a forwarder as it is, but for the disk.</summary>
    private sealed class SpoolModel
    {
        private readonly byte[][] segments;

        public SpoolModel(int[][] lengths)
        {
            var records = lengths.Select(segment => segment.Select((length, index) => Encoded.Record($"{index}".PadRight(length))).ToArray()).ToArray();
            segments = [.. records.Select(segment => segment.SelectMany(record => record).ToArray())];
            Boundaries.Add(default);
            for (var i = 0; i < records.Length; i++)
            {
                var offset = 0;
                foreach (var record in records[i])
                {
                    Boundaries.Add(new SpoolPosition(i + 1, offset += record.Length));
                }
            }
        }

        /// <summary>The ends of records.</summary>
        public List<SpoolPosition> Boundaries { get; } = [];

        public byte[] After(SpoolPosition position) =>
            [.. segments.SelectMany((bytes, index) => index + 1 < position.Segment ? [] : index + 1 == position.Segment ? bytes[(int)position.Offset..] : bytes)];

        /// <summary>All packets of forwarders that each begin some records before where the one before ended.</summary>
        public IEnumerable<LogPacket> Forward((int Longest, int Back)[] lives)
        {
            var index = 0;
            for (var life = 0; life < lives.Length; life++)
            {
                var isLast = life == lives.Length - 1;
                index = Math.Max(0, index - lives[life].Back);
                var until = isLast ? Boundaries.Count - 1 : Math.Min(Boundaries.Count - 1, index + 5);
                foreach (var packet in Forward(Boundaries[index], Boundaries[until], lives[life].Longest))
                {
                    yield return packet;
                }

                index = until;
            }
        }

        private IEnumerable<LogPacket> Forward(SpoolPosition from, SpoolPosition until, int longest)
        {
            var inRecord = 0;
            while (from < until)
            {
                var start = from.Segment > 0 && from.Offset < segments[from.Segment - 1].Length ? from : new SpoolPosition(NextSegment(from.Segment), 0);
                var rest = segments[start.Segment - 1].AsMemory((int)start.Offset);
                var isContinued = inRecord > 0;
                var length = isContinued ? Math.Min(inRecord, longest) : WholeUpTo(rest.Span, longest);
                if (isContinued)
                {
                    inRecord -= length;
                }
                else if (length == 0)
                {
                    length = longest;
                    inRecord = RecordCodec.LengthPrefix + BitConverter.ToInt32(rest.Span) - longest;
                }

                var packet = new LogPacket("s", from, start, isContinued, rest[..length]);
                yield return packet;
                from = packet.End;
            }
        }

        private long NextSegment(long segment)
        {
            do
            {
                segment++;
            }
            while (segments[segment - 1].Length == 0);
            return segment;
        }

        private static int WholeUpTo(ReadOnlySpan<byte> bytes, int longest)
        {
            var end = 0;
            while (end < bytes.Length && end + RecordCodec.LengthPrefix + BitConverter.ToInt32(bytes[end..]) is var next && next <= longest)
            {
                end = next;
            }

            return end;
        }
    }
}
