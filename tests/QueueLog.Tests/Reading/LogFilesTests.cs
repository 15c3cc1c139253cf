using System.Text;
using QueueLog.Reading;
using QueueLog.Reading.Files;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>Which files a log has, whatever it is called by, and what their bytes are.</summary>
public sealed class LogFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();

    private string Log => folder.Combine("run.log");

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Fact]
    public void A_link_leads_to_all_files_of_its_log()
    {
        WriteRolled();
        var link = other.Combine("current");
        var second = other.Combine("second");
        Link(link, Log);
        Link(second, link);
        Assert.Equal(LogFixture.Records(1, 6), LogFixture.Messages(second));
        Assert.Equal(LogFixture.Records(1, 6), LogFixture.Messages(second, new LogQuery { Tail = 50 }));
        Assert.Equal(6, new QueueLog.Reading.Checks.LogCheck(second, LogFixture.Query()).Run().Where(result => result.Subject == QueueLog.Reading.Checks.CheckSubject.File).Sum(result => result.Count));
    }

    [Fact]
    public void A_link_that_leads_to_another_log_meanwhile_is_followed()
    {
        var link = other.Combine("current");
        File.WriteAllText(folder.Combine("one.log"), LogFixture.Lines(1, 1));
        File.WriteAllText(folder.Combine("two.log"), LogFixture.Lines(2, 1));
        Link(link, folder.Combine("one.log"));
        using var follower = new LogFollower(link, LogFixture.Query());
        var read = follower.ReadPresent().Concat(follower.Poll()).Select(entry => entry.Message).ToList();
        File.Delete(link);
        Link(link, folder.Combine("two.log"));
        read.AddRange(follower.Poll().Concat(follower.Poll()).Select(entry => entry.Message));
        Assert.Equal(LogFixture.Records(1, 2), read);
    }

    [Fact]
    public void A_circle_of_links_is_no_log()
    {
        Link(folder.Combine("a"), folder.Combine("b"));
        Link(folder.Combine("b"), folder.Combine("a"));
        var problems = new List<ReadProblem>();
        Assert.Empty(LogFixture.Read(folder.Combine("a"), null, problems));
    }

    [Fact]
    public void Whatever_names_led_to_a_log_each_of_its_files_is_read_once()
    {
        WriteRolled();
        var link = other.Combine("link.log");
        Link(link, Log);
        string[] names = [folder.Combine("run.log.1"), link, Log, folder.Combine("run.log.2.gz"), Log];
        Assert.Equal([link], LogFileSet.Distinct(names));
        Assert.Equal([folder.Combine("run.log.1"), folder.Combine("run.log.2.gz")], LogFileSet.Distinct([folder.Combine("run.log.1"), folder.Combine("run.log.2.gz")]));
        Assert.Equal(LogFixture.Records(1, 2), LogFixture.Messages(folder.Combine("run.log.2.gz")));
    }

    [Fact]
    public void The_files_of_a_log_with_dates_in_their_names_are_one_log_in_order_of_time()
    {
        string[] names = ["run-20261124.log.gz", "run-20261125.log", "run-20261125_001.log", "run-20261125_1000.log", "run-20261126.log"];
        for (var i = 0; i < names.Length; i++)
        {
            File.WriteAllText(folder.Combine(names[i]), LogFixture.Lines(i + 1, 1));
        }

        File.WriteAllText(folder.Combine("run-x.log"), "none of it");
        Assert.Equal(names, LogFileSet.Names(Log).Select(name => name.Name));
        Assert.Equal([names[^1]], LogFileSet.Names(Log).Where(name => name.IsCurrent).Select(name => name.Name));
        Assert.Equal(LogFixture.Records(1, 5), LogFixture.Messages(Log));

        var all = names.Select(name => folder.Combine(name)).ToArray();
        Assert.Equal([Log], LogFileSet.Distinct(all));
        Assert.Equal([folder.Combine("run-x.log"), Log], LogFileSet.Distinct(all.Prepend(folder.Combine("run-x.log"))));
        Assert.Equal(all[1..], LogFileSet.Distinct(all[1..]));
        Assert.Equal(LogFixture.Records(2, 1), LogFixture.Messages(all[1]));
    }

    [Fact]
    public void Beside_a_log_of_its_own_name_files_with_dates_are_other_logs()
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 1));
        File.WriteAllText(folder.Combine("run-20261125.log"), LogFixture.Lines(2, 1));
        Assert.Equal(LogFixture.Records(1, 1), LogFixture.Messages(Log));
        Assert.Equal([folder.Combine("run-20261125.log"), Log], LogFileSet.Distinct([folder.Combine("run-20261125.log"), Log]));
    }

    [Fact]
    public void A_file_below_a_linked_folder_is_read_once()
    {
        File.WriteAllText(Log, "a");
        File.WriteAllText(Log + ".1", "b");
        var linked = other.Combine("linked");
        Link(linked, folder.Path);
        Assert.Equal([Log], LogFileSet.Distinct([Log, Path.Combine(linked, "run.log.1")]));
    }

    [Fact]
    public void Of_a_day_of_a_dated_log_the_larger_numbers_are_the_newer()
    {
        File.WriteAllText(folder.Combine("run.log.2026-03-04"), LogFixture.Lines(1, 2));
        File.WriteAllText(folder.Combine("run.log.2026-03-04.1"), LogFixture.Lines(3, 2));
        File.WriteAllBytes(folder.Combine("run.log.2026-03-04.10.gz"), LogFixture.Compress(LogFixture.Lines(5, 2)));
        Assert.Equal(LogFixture.Records(1, 6), LogFixture.Messages(folder.Combine("run.log.2026-03-04")));
        Assert.Equal(LogFixture.Records(4, 3), LogFixture.Messages(folder.Combine("run.log.2026-03-04"), new LogQuery { Tail = 3 }));
    }

    [Fact]
    public void A_file_is_compressed_by_its_first_bytes_whatever_it_is_called()
    {
        File.WriteAllText(folder.Combine("run.log.2.gz"), LogFixture.Lines(1, 2));
        File.WriteAllBytes(folder.Combine("run.log.1"), LogFixture.Compress(LogFixture.Lines(3, 2)));
        File.WriteAllBytes(Log, LogFixture.Compress(LogFixture.Lines(5, 2)));
        Assert.Equal(LogFixture.Records(1, 6), LogFixture.Messages(Log));
        Assert.Equal(LogFixture.Records(4, 3), LogFixture.Messages(Log, new LogQuery { Tail = 3 }));
    }

    public static TheoryData<string> Encodings => ["utf-16", "utf-16BE", "utf-32", "utf-8"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Text_is_decoded_by_the_mark_it_begins_with(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = LogFixture.Line(1, "größer 😀") + string.Concat(Enumerable.Range(2, 20_000).Select(number => LogFixture.Line(number, $"ä {number}")));
        File.WriteAllText(Log, text, encoding);
        var messages = LogFixture.Messages(Log);
        Assert.Equal(20_001, messages.Length);
        Assert.Equal(("größer 😀", "ä 20001"), (messages[0], messages[^1]));
        Assert.Equal(["ä 20000", "ä 20001"], LogFixture.Messages(Log, new LogQuery { Tail = 2 }));
        File.WriteAllBytes(folder.Combine("old.log.1"), LogFixture.Compress(File.ReadAllBytes(Log)));
        Assert.Equal(messages, LogFixture.Messages(folder.Combine("old.log")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_file_in_another_encoding_is_followed(int? tail)
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 2), Encoding.Unicode);
        using var follower = new LogFollower(Log, LogFixture.Query(new LogQuery { Tail = tail }));
        var read = follower.ReadPresent().Select(entry => entry.Message).ToList();
        File.AppendAllText(Log, LogFixture.Lines(3, 2), new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        read.AddRange(follower.Poll().Concat(follower.Poll()).Select(entry => entry.Message));
        Assert.Equal(LogFixture.Records(1, 4).TakeLast(2 + (tail ?? 2)), read);
    }

    [Fact]
    public void A_file_that_began_empty_tells_its_encoding_when_it_has_one()
    {
        File.WriteAllText(Log, "");
        using var follower = new LogFollower(Log, LogFixture.Query());
        Assert.Empty(follower.ReadPresent());
        File.WriteAllText(Log, LogFixture.Lines(1, 2), Encoding.Unicode);
        Assert.Equal(LogFixture.Records(1, 2), follower.Poll().Concat(follower.Poll()).Select(entry => entry.Message));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Any_line_break_ends_a_line(string lineBreak)
    {
        var text = string.Concat(Enumerable.Range(1, 20_000).Select(number => LogFixture.Line(number, $"record {number}"))).Replace("\n", lineBreak, StringComparison.Ordinal);
        File.WriteAllText(Log, text);
        Assert.Equal(LogFixture.Records(1, 20_000), LogFixture.Messages(Log));
        Assert.Equal(LogFixture.Records(19_001, 1_000), LogFixture.Messages(Log, new LogQuery { Tail = 1_000 }));
        Assert.Equal(LogFixture.Records(20_000, 1), LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = LogFixture.Start.AddMilliseconds(20_000).UtcTicks } }));
    }

    [Fact]
    public void A_large_log_with_the_newest_first_is_read_by_time_as_a_whole()
    {
        const int Count = 400_000;
        using (var file = new StreamWriter(Log))
        {
            for (var number = Count; number > 0; number--)
            {
                file.Write(LogFixture.Line(number, $"record {number}"));
            }
        }

        Assert.InRange(new FileInfo(Log).Length, 20_000_000, long.MaxValue);
        var newest = new EntryFilter { Since = LogFixture.Start.AddMilliseconds(Count - 1).UtcTicks };
        Assert.Equal(2, LogFixture.Read(Log, new LogQuery { Filter = newest }).Length);
        var oldest = new EntryFilter { Until = LogFixture.Start.AddMilliseconds(3).UtcTicks };
        Assert.Equal(3, LogFixture.Read(Log, new LogQuery { Filter = oldest }).Length);
    }

    [Fact]
    public void Lines_of_others_show_no_field_and_a_filter_by_one_says_so()
    {
        File.WriteAllText(Log, "hello\nworld\n");
        var problems = new List<ReadProblem>();
        Assert.Empty(LogFixture.Read(Log, new LogQuery { Filter = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Error) } }, problems));
        Assert.Equal((ReadFault.NoField, "Level"), (problems[0].Fault, Assert.Single(problems[0].Fields)));
        problems.Clear();
        Assert.Equal(2, LogFixture.Read(Log, null, problems).Length);
        Assert.Empty(problems);
    }

    private void WriteRolled()
    {
        File.WriteAllBytes(folder.Combine("run.log.2.gz"), LogFixture.Compress(LogFixture.Lines(1, 2)));
        File.WriteAllText(folder.Combine("run.log.1"), LogFixture.Lines(3, 2));
        File.WriteAllText(Log, LogFixture.Lines(5, 2));
    }

    private static void Link(string link, string target)
    {
        SymbolicLinks.Require();
        _ = Directory.Exists(target) ? Directory.CreateSymbolicLink(link, target) : File.CreateSymbolicLink(link, target);
    }
}
