using System.Text;
using CsCheck;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>An entry longer than any may be is passed over and told of, in whatever way its file is read; what is around it is given.</summary>
public sealed class LongEntryTests : IDisposable
{
    private const int Longest = 300_000;

    private static readonly LogQuery Query = new() { LongestEntry = Longest };

    private readonly TempFolder folder = new();
    private readonly List<ReadProblem> problems = [];

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Where_blocks_end_makes_no_difference_and_neither_does_what_a_long_entry_consists_of()
    {
        const int Limit = 8000;
        string[] lines =
        [
            LogFixture.Line(1, "short"), LogFixture.Line(2, new string('x', 7000)), LogFixture.Line(3, new string('x', 20_000)), "    further\n", "    " + new string('y', 5000) + "\n",
            "    " + new string('y', 30_000) + "\n", "  " + new string('z', 9000) + "\n", " raw\n", "\n", "# QueueLog: json\n", "# QueueLog: text {Level,11} {Message}\n", "    Warning x\n",
            "# QueueLog: text {" + new string('h', 13_000) + "\n",
        ];
        Gen.Int[0, lines.Length - 1].Array[1, 12].Sample(
            indexes =>
            {
                var file = Encoding.UTF8.GetBytes(LogFixture.Line(0, "first") + string.Concat(indexes.Select(index => lines[index])));
                var whole = Read(file, 1024 * 1024, Limit);
                Assert.Equal(whole, Read(file, 512, Limit));
                Assert.Equal(whole, Read(file, 5000, Limit));
                Assert.All(whole, entry => Assert.InRange(entry.Length, 0, Limit));
            },
            iter: 500,
            threads: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_passed_over_forwards_backwards_and_in_a_compressed_file(bool isCompressed)
    {
        var first = LogFixture.Lines(1, 3);
        string[] kinds =
        [
            LogFixture.Line(4, new string('x', 1_000_000)),
            LogFixture.Line(4, "many lines") + string.Concat(Enumerable.Repeat("    further\n", 100_000)),
            new string('\0', 700_000) + "\n",
        ];
        foreach (var kind in kinds)
        {
            var path = isCompressed ? Log + ".1.gz" : Log;
            var bytes = Encoding.UTF8.GetBytes(first + kind + LogFixture.Lines(5, 3));
            File.WriteAllBytes(path, isCompressed ? LogFixture.Compress(bytes) : bytes);
            string[] all = [.. LogFixture.Records(1, 3), .. LogFixture.Records(5, 3)];
            foreach (var (query, expected) in new[] { (Query, all), (Query with { Tail = 6 }, all), (Query with { Tail = 5 }, all[1..]) })
            {
                problems.Clear();
                Assert.Equal(expected, LogFixture.Read(Log, query, problems).Select(entry => entry.Message));
                Assert.Equal([(ReadFault.EntryTooLong, path, first.Length)], problems.Select(problem => (problem.Fault, problem.Path, (int)problem.Offset)));
            }

            problems.Clear();
            Assert.Equal(all[3..], LogFixture.Read(Log, Query with { Tail = 3 }, problems).Select(entry => entry.Message));
        }
    }

    [Fact]
    public void It_is_passed_over_at_both_ends_of_a_file()
    {
        File.WriteAllText(Log, new string('x', 1_000_000) + "\n" + LogFixture.Lines(1, 2) + LogFixture.Line(3, new string('y', 1_000_000))[..^1]);
        foreach (var query in new[] { Query, Query with { Tail = 10 } })
        {
            problems.Clear();
            Assert.Equal(LogFixture.Records(1, 2), LogFixture.Read(Log, query, problems).Select(entry => entry.Message));
            Assert.Equal([0, 1_000_001 + LogFixture.Lines(1, 2).Length], problems.Select(problem => (int)problem.Offset).Order());
        }
    }

    [Fact]
    public void A_search_by_time_that_ends_within_it_goes_on_behind_it()
    {
        var query = LogFixture.Query(Query, problems) with { Filter = new EntryFilter { Since = LogFixture.Start.AddHours(1).UtcTicks } };
        var early = LogFixture.Line(0, new string('e', 1000));
        File.WriteAllText(Log, string.Concat(Enumerable.Repeat(early, 24_000)) + LogFixture.Lines(3_600_000, 2));
        using var segment = LogFileSet.Open(Log, _ => Assert.Fail("unreadable"))[0];
        var formats = new FormatFinder(null, LogFixture.Zone, DateTime.MaxValue);
        var place = TimeSeeker.Find(segment, new FormatLocator(segment.Handle, formats), formats, new FileInfo(Log).Length, query);
        using (var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            // No probe of the search falls into it.
            file.Position = place - 100_000;
            file.Write(new byte[500_000]);
        }

        Assert.Equal(LogFixture.Records(3_600_000, 2), LogFixture.Read(Log, query, problems).Select(entry => entry.Message));
        Assert.Equal([(ReadFault.EntryTooLong, place + Longest - 1)], problems.Select(problem => (problem.Fault, problem.Offset)));
    }

    [Fact]
    public void Who_follows_a_log_goes_on_behind_it()
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 2));
        using var follower = new LogFollower(Log, LogFixture.Query(Query, problems));
        var read = follower.ReadPresent().Select(entry => entry.Message).ToList();
        Poll();
        for (var i = 0; i < 5; i++)
        {
            File.AppendAllText(Log, i == 0 ? LogFixture.Line(3, new string('x', 200_000))[..^1] : new string('x', 200_000));
            Poll();
        }

        Assert.Equal(LogFixture.Records(1, 2), read);
        Assert.Equal([LogFixture.Lines(1, 2).Length], problems.Select(problem => (int)problem.Offset));
        File.AppendAllText(Log, "\n" + LogFixture.Lines(4, 2));
        Poll();
        Poll();
        Assert.Equal([.. LogFixture.Records(1, 2), .. LogFixture.Records(4, 2)], read);
        Assert.Single(problems);

        void Poll() => read.AddRange(follower.Poll().Select(entry => entry.Message));
    }

    [Fact]
    public void A_check_says_that_a_file_has_one()
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 2) + new string('x', 1_000_000) + "\n");
        var result = new LogCheck(Log, LogFixture.Query(Query)).Run().Single(result => result.Subject == CheckSubject.File);
        Assert.Equal((CheckStatus.Incomplete, 2), (result.Status, (int)result.Count));
        Assert.StartsWith("1 entries are longer than 300000 bytes", result.Note);
    }

    private static List<(long Offset, int Length)> Read(byte[] file, int blockLength, int limit)
    {
        var entries = new List<(long, int)>();
        using var reader = new EntryReader(new MemorySource(file), new FormatFinder(null, LogFixture.Zone, new DateTime(2026, 12, 31)), blockLength: blockLength)
        {
            LongestEntry = limit,
            ReportTooLong = offset => entries.Add((offset, 0)),
        };
        while (reader.Read(EndOfData.Final, out var entry))
        {
            Assert.True(file.AsSpan((int)entry.Offset).StartsWith(entry.Text));
            entries.Add((entry.Offset, entry.Text.Length));
        }

        return entries;
    }
}
