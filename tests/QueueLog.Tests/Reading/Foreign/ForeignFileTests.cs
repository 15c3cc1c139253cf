using System.Collections.Specialized;
using System.Text;
using CsCheck;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Reading.Foreign;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading.Foreign;

/// <summary>Whole files of other programs, read as a user does.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const int Lines = 2000;

    private readonly TempFolder folder = new();

    public static TheoryData<string> Formats => [.. ForeignLines.Formats.Keys];

    private string Log => folder.Combine("app.log");

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_is_recognized_and_its_lines_have_time_and_level(string name)
    {
        var (format, make) = ForeignLines.Formats[name];
        Write(string.Concat(Enumerable.Range(0, Lines).Select(i => make(i) + "\n")));

        var entries = LogFixture.Read(Log);

        Assert.Equal(Lines, entries.Length);
        Assert.All(entries, entry => Assert.Equal(format, entry.Format));
        for (var i = 0; i < Lines; i++)
        {
            Assert.False(entries[i].IsRaw, make(i));
            Assert.NotNull(entries[i].Timestamp);
            Assert.True(Math.Abs((entries[i].Timestamp!.Value - ForeignLines.At(i)).TotalSeconds) < 1, $"{entries[i].Timestamp:O} {make(i)}");
            Assert.True(ForeignLines.LevelOf(name, i) == entries[i].Level, $"{entries[i].Level} {make(i)}");
        }

        // Seconds and the last are sought from within the file, and by level.
        Assert.Equal(entries.Skip(Lines - 30).Select(entry => entry.Offset), LogFixture.Read(Log, new LogQuery { Tail = 30 }).Select(entry => entry.Offset));
        var since = new EntryFilter { Since = ForeignLines.At(1500).UtcTicks - TimeSpan.TicksPerSecond };
        Assert.InRange(LogFixture.Read(Log, new LogQuery { Filter = since }).Length, 500, 501);
        var errors = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Error) };
        Assert.Equal(Lines / 4, LogFixture.Read(Log, new LogQuery { Filter = errors }).Length);
    }

    [Theory]
    [InlineData("pino")]
    [InlineData("logfmt-time")]
    [InlineData("nginx-error")]
    [InlineData("sshd")]
    public void What_does_not_fit_stays_raw_in_its_place_and_is_counted(string name)
    {
        var make = ForeignLines.Formats[name].Make;
        string[] lines = [make(0), make(1), "garbage of {another} program", make(2), "", make(3), "{\"cut\":", make(4)];
        Write(string.Join('\n', lines) + "\n");

        var entries = LogFixture.Read(Log);

        Assert.Equal(lines.Length, entries.Length);
        Assert.Equal([false, false, true, false, true, false, true, false], entries.Select(entry => entry.IsRaw));
        Assert.Equal("garbage of {another} program", entries[2].Message);
        Assert.Equal(3, new LogCheck(Log, LogFixture.Query()).Run().Single(result => result.Subject == CheckSubject.File).Raw);
    }

    [Fact]
    public void Everything_that_is_no_field_is_a_property()
    {
        Write("""
            {"level":50,"time":1772629200000,"pid":7,"hostname":"box","req":{"id":3,"tags":["a"]},"ok":true,"size":1.5,"none":null,"err":{"type":"RangeError","message":"too far","stack":"RangeError: too far\n    at x (y.js:1)"},"msg":"failed"}

            """);
        var entry = Assert.Single(LogFixture.Read(Log));
        Assert.Equal(("failed", LogLevel.Error, 7), (entry.Message, entry.Level, entry.Pid));
        Assert.Equal(["hostname", "req", "ok", "size", "none"], entry.Properties.Select(property => property.Name));
        var req = Assert.IsType<OrderedDictionary>(entry.Properties["req"]);
        Assert.Equal(3L, req["id"]);
        Assert.Equal(["a"], Assert.IsType<object?[]>(req["tags"]));
        Assert.Equal([true, 1.5, null], entry.Properties.Skip(2).Select(property => property.Value));
        Assert.Equal(("RangeError", "too far"), (entry.Exception!.Type, entry.Exception.Message));
        Assert.Contains("at x (y.js:1)", entry.Exception.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"ts\":1,\"level\":\"loud\",\"message\":\"m\",\"msg\":\"second\",\"name\":\"Ann\"}", "m", "ts,level,msg,name")]
    [InlineData("{\"msg\":\"second\",\"message\":\"m\"}", "m", "msg")]
    [InlineData("{\"fields\":{\"message\":\"m\",\"a\":1},\"target\":\"t\"}", "m", "a")]
    [InlineData("{\"msg\":\"m\",\"status\":0,\"state\":\"error\"}", "m", "status,state")]
    [InlineData("{\"log\":{\"level\":\"warn\"},\"text\":\"m\"}", "m", "")]
    public void Of_two_names_for_a_field_the_better_counts_and_what_is_none_is_a_property(string line, string message, string properties)
    {
        Write("{\"time\":\"2026-03-04T15:00:00Z\",\"message\":\"first\"}\n" + line + "\n");
        var entry = LogFixture.Read(Log)[1];
        Assert.Equal(message, entry.Message);
        Assert.Equal(properties, string.Join(',', entry.Properties.Select(property => property.Name)));
    }

    [Fact]
    public void Further_lines_belong_to_the_entry_they_follow_and_an_exception_is_one()
    {
        Write("""
            2026-03-04 15:00:00,000 ERROR [main] a.B: it broke
            and more of it
            java.lang.IllegalStateException: no: luck
            	at a.B.c(B.java:1)
            Caused by: java.io.IOException: full
            	... 3 more
            2026-03-04 15:00:01,000 INFO [main] a.B: goes on
            2026-03-04 15:00:02,000 ERROR [main] a.B: in Python's way
            Traceback (most recent call last):
              File "x.py", line 1, in <module>
            ValueError: bad value

            """);
        var entries = LogFixture.Read(Log);
        Assert.Equal(["it broke\nand more of it", "goes on", "in Python's way"], entries.Select(entry => entry.Message));
        Assert.Equal(("java.lang.IllegalStateException", "no: luck"), (entries[0].Exception!.Type, entries[0].Exception!.Message));
        Assert.EndsWith("... 3 more", entries[0].Exception!.StackTrace, StringComparison.Ordinal);
        Assert.Equal(("ValueError", "bad value"), (entries[2].Exception!.Type, entries[2].Exception!.Message));
        Assert.StartsWith("Traceback", entries[2].Exception!.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_of_java_util_logging_have_two_lines_at_least()
    {
        Write("""
            Mar 04, 2026 3:06:07 PM com.example.Shop open
            INFO: opened at 9:00
            Mar 04, 2026 3:06:08 PM com.example.Shop$Till <init>
            SEVERE: it broke
            and more of it
            java.lang.IllegalStateException: no luck
            	at com.example.Shop.sell(Shop.java:7)
            Mar 04, 2026 12:00:09 PM com.example.Shop
            FINE: details
            Mar 04, 2026 3:06:10 PM com.example.Shop close
            a line without a level

            """);
        var entries = LogFixture.Read(Log);
        Assert.Equal(["java", "java", "java", "java"], entries.Select(entry => entry.Format));
        Assert.Equal(["opened at 9:00", "it broke\nand more of it", "details", "Mar 04, 2026 3:06:10 PM com.example.Shop close\na line without a level"], entries.Select(entry => entry.Message));
        Assert.Equal([LogLevel.Information, LogLevel.Error, LogLevel.Debug, null], entries.Select(entry => entry.Level));
        Assert.Equal(["com.example.Shop", "com.example.Shop$Till", "com.example.Shop", "com.example.Shop"], entries.Select(entry => entry.Category));
        Assert.Equal("java.lang.IllegalStateException", entries[1].Exception!.Type);
        Assert.Equal([15, 15, 12, 15], entries.Select(entry => entry.Timestamp!.Value.Hour));
    }

    [Fact]
    public void An_entry_whose_level_nobody_knows_is_one_also_where_times_have_no_date()
    {
        var usual = string.Concat(Enumerable.Range(0, 20).Select(i => $"15:06:{i + 10}.100 [main] INFO  a.B - usual\n"));
        Write(usual + "15:06:40.100 [main] LOUD  a.B - unknown\n15:06:41.100 [main] WARN  a.B - last\nand more of it\n");
        var entries = LogFixture.Read(Log);
        Assert.Equal(["log4j", "log4j"], entries[^2..].Select(entry => entry.Format));
        Assert.Equal(["usual", "[main] LOUD  a.B - unknown", "last\nand more of it"], entries[^3..].Select(entry => entry.Message));
        Write(usual.Replace("15:", "2026-03-04 15:", StringComparison.Ordinal) + "15:06:40 is the time\n2026-03-04 15:06:41.100 [main] WARN  a.B - last\n");
        Assert.Equal(["usual\n15:06:40 is the time", "last"], LogFixture.Read(Log)[^2..].Select(entry => entry.Message));
    }

    [Fact]
    public void Entries_of_several_lines_are_whole_wherever_the_blocks_end()
    {
        var make = ForeignLines.Formats["log4j"].Make;
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => make(i) + "\n" + string.Concat(Enumerable.Repeat("\tat org.app.Main.run(Main.java:12)\n", i % 40))));
        Write("2026-03-04 15:00:00,000 INFO [main] first: x\n" + text);
        var entries = LogFixture.Read(Log);
        Assert.Equal(3001, entries.Length);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => i % 40), entries.Skip(1).Select(entry => entry.Message.Count(c => c == '\t')));
        Assert.Equal(entries.TakeLast(500).Select(entry => entry.Offset), LogFixture.Read(Log, new LogQuery { Tail = 500 }).Select(entry => entry.Offset));
    }

    [Fact]
    public void Lines_that_have_no_level_cannot_be_chosen_by_it_and_say_so()
    {
        Write("{\"time\":\"2026-03-04T15:00:00Z\",\"message\":\"m\"}\n");
        var problems = new List<ReadProblem>();
        var filter = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Error) };
        Assert.Empty(LogFixture.Read(Log, new LogQuery { Filter = filter }, problems));
        Assert.Equal(["Level"], Assert.Single(problems).Fields);
        Write("{\"time\":\"2026-03-04T15:00:00Z\",\"message\":\"m\"}\n{\"time\":\"2026-03-04T15:00:00Z\",\"level\":\"info\",\"message\":\"m\"}\n");
        Assert.Empty(LogFixture.Read(Log, new LogQuery { Filter = filter }));
    }

    [Fact]
    public void Any_bytes_among_lines_of_any_format_are_read_to_the_end_and_come_to_the_same_whatever_the_blocks()
    {
        var formats = ForeignLines.Formats.Values.ToArray();
        Gen.Select(Gen.Int[0, formats.Length - 1], Gen.Int[1, 30], Gen.Byte.Array[0, 8], Gen.Int[0, 4000]).Sample(
            (format, count, bytes, place) =>
            {
                var file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => formats[format].Make(i) + "\n")));
                bytes.CopyTo(file, Math.Min(place, file.Length - bytes.Length));
                Assert.Equal(Describe(file, 64 * 1024), Describe(file, 61));
            },
            iter: 1_000,
            threads: 1);
    }

    [Fact]
    public void An_expression_names_the_fields_by_its_groups()
    {
        Write("15:06:07 <E> 12 no luck\n    more\nother\n15:06:08 <I> 13 größer\n");
        var pattern = LinePattern.OfExpression(@"^(?<time>\S+) <(?<level>\w)> (?<Number>\d+) (?<message>.*)$");
        var entries = LogFixture.Read(Log, new LogQuery { LinePattern = pattern });
        Assert.Equal(["no luck\n    more", "other", "größer"], entries.Select(entry => entry.Message));
        Assert.Equal([LogLevel.Error, null, LogLevel.Information], entries.Select(entry => entry.Level));
        Assert.Equal([12L, null, 13L], entries.Select(entry => entry.Properties["number"]));
        Assert.Equal(8, entries[2].Timestamp!.Value.Second);
    }

    [Fact]
    public void Our_own_files_are_not_taken_for_others()
    {
        Write("a line before\n" + LogFixture.Line(1, "INFO: level=info msg=x") + "{\"time\":\"2026-03-04T15:00:00Z\",\"level\":\"info\"}\n");
        var entries = LogFixture.Read(Log);
        Assert.Equal([true, false, true], entries.Select(entry => entry.IsRaw));
        Assert.All(entries, entry => Assert.Equal("text", entry.Format));
    }

    private void Write(string text)
    {
        File.WriteAllText(Log, text, new UTF8Encoding(false));

        // Times that say no year are of that file's.
        File.SetLastWriteTimeUtc(Log, LogFixture.Start.UtcDateTime.AddDays(1));
    }

    private static List<string> Describe(byte[] file, int blockLength)
    {
        using var reader = new EntryReader(new MemorySource(file), new FormatFinder(null, LogFixture.Zone, new DateTime(2026, 12, 31)), blockLength: blockLength);
        var entries = new List<string>();
        while (reader.Read(EndOfData.Final, out var entry))
        {
            entries.Add($"{entry.Offset} {reader.Parser!.Name} {entry.State} {SameRecord.Describe(in entry.Record)}");
        }

        return entries;
    }
}
