using System.Text;
using CsCheck;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

/// <summary>The lines by which a file tells the format of its entries: where they stand, and what they must not disturb.</summary>
// An entry of {Message} is the message and a line feed.
public sealed class FileFormatTests : IDisposable
{
    private const string Template = "{Message}";
    private const string Header = "# QueueLog: text {Message}\n";
    private const string Csv = FormatLines.Columns + "\n";

    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();
    private readonly List<PlannedAppend> plan = [];

    private string Log => RealPath.Of(folder.Combine("run.log"));

    public void Dispose()
    {
        folder.Dispose();
        state.Dispose();
    }

    [Theory]
    [InlineData(LogFormat.Text, TemplateFormatter.DefaultTemplate, "")]
    [InlineData(LogFormat.Text, Template, Header)]
    [InlineData(LogFormat.Text, "a\r\n{Message}\n", "# QueueLog: text a{NewLine}{Message}{NewLine}\n")]
    [InlineData(LogFormat.Json, Template, "")]
    [InlineData(LogFormat.Logfmt, Template, "")]
    [InlineData(LogFormat.Csv, Template, Csv)]
    public void A_file_begins_with_what_its_entries_do_not_tell(LogFormat format, string template, string header)
    {
        var formatter = RecordFormat.Create(format, template);
        using (var sink = Open(formatter))
        {
            Assert.Equal("", folder.Read("run.log"));
            Commit(sink, "one");
            Commit(sink, "two");
        }

        Assert.Equal(header + formatter.Format(Some.Record("one")) + formatter.Format(Some.Record("two")), folder.Read("run.log"));
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Csv)]
    public void Without_a_header_there_are_entries_only(LogFormat format)
    {
        File.WriteAllText(Log, "{\"@t\":1}\n");
        var formatter = RecordFormat.Create(format, Template, withHeader: false);
        using (var sink = Open(formatter))
        {
            Commit(sink, "one");
        }

        Assert.Equal("{\"@t\":1}\n" + formatter.Format(Some.Record("one")), folder.Read("run.log"));
    }

    [Fact]
    public void Every_file_has_its_header_and_it_counts_towards_the_size()
    {
        using (var sink = Open(size: Header.Length + 20))
        {
            foreach (var c in "abcde")
            {
                Commit(sink, new string(c, 9));
            }
        }

        Assert.Equal(Header + "aaaaaaaaa\nbbbbbbbbb\n", folder.Read("run.log.2"));
        Assert.Equal(Header + "ccccccccc\nddddddddd\n", folder.Read("run.log.1"));
        Assert.Equal(Header + "eeeeeeeee\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public void An_entry_too_long_for_any_file_gets_one_of_its_own_and_no_file_has_a_header_only(int size)
    {
        using (var sink = Open(size: size))
        {
            Commit(sink, new string('x', 60));
            Commit(sink, new string('y', 60));
        }

        Assert.Equal(["run.log", "run.log.1"], folder.FilesIn());
        Assert.Equal(Header + new string('x', 60) + "\n", folder.Read("run.log.1"));
        Assert.Equal(Header + new string('y', 60) + "\n", folder.Read("run.log"));
    }

    [Fact]
    public void The_files_of_a_path_with_tokens_have_theirs_once_however_often_they_are_closed()
    {
        var options = new RollingFileOptions { Path = folder.Combine("{Process}.log"), MaxOpenFiles = 1 };
        using (var sink = new TokenFileSink(options, RecordFormat.Create(LogFormat.Text, Template), Locks(), failures))
        {
            foreach (var process in new[] { "a", "b", "a", "b", "a" })
            {
                sink.Write(Some.Record(process: process));
                sink.Flush();
            }
        }

        Assert.Equal(Header + "hello\nhello\nhello\n", folder.Read("a.log"));
        Assert.Equal(Header + "hello\nhello\n", folder.Read("b.log"));
    }

    [Fact]
    public void A_file_that_was_closed_to_spare_handles_is_not_searched_again()
    {
        var options = new RollingFileOptions { Path = folder.Combine("{Process}.log"), MaxOpenFiles = 1 };
        using var sink = new TokenFileSink(options, RecordFormat.Create(LogFormat.Text, Template), Locks(), failures);
        sink.Write(Some.Record(process: "a"));
        sink.Flush();
        sink.Write(Some.Record(process: "b"));
        sink.Flush();

        // Only who looks would see that its format is another now.
        File.WriteAllText(folder.Combine("a.log"), "ts=1\n");
        sink.Write(Some.Record(process: "a"));
        sink.Flush();

        Assert.Equal("ts=1\nhello\n", folder.Read("a.log"));
    }

    [Fact]
    public void The_plan_has_the_header_in_it_and_what_is_cut_back_is_begun_anew()
    {
        using (var sink = Open())
        {
            sink.Write("one");
            sink.Plan(plan, withoutLast: false);
            Assert.Equal([new PlannedAppend(Log, 0, Header.Length + 4)], plan);
            sink.Flush();
            sink.Write("two");
            sink.Plan(plan, withoutLast: false);
            Assert.Equal(new PlannedAppend(Log, Header.Length + 4, 4), plan[1]);
        }

        // A listener that died in the midst of its first batch.
        File.WriteAllText(Log, Header + "on");
        CheckpointRecovery.Recover(new BatchIntent { Files = { new FileGrowth(Log, 0, Header.Length + 4) } }, [], path => FileLock.Acquire(path, Locks()));
        Assert.Equal("", folder.Read("run.log"));
        WriteAll("one");
        Assert.Equal(Header + "one\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData("# QueueLog: text {Message}\n")]
    [InlineData("# QueueLog: json\n")]
    [InlineData("# QueueLog: csv\n" + Csv)]
    [InlineData("# QueueLog: te")]
    [InlineData("# QueueLog:")]
    [InlineData(Csv)]
    [InlineData(Csv + "# QueueLog: json\n# QueueLog: text {Mess")]
    public void A_file_that_holds_no_entry_is_an_empty_one(string content)
    {
        File.WriteAllText(Log, content);
        using (var sink = Open(size: 40))
        {
            Commit(sink, new string('x', 60));
        }

        Assert.Equal(["run.log"], folder.FilesIn());
        Assert.Equal(Header + new string('x', 60) + "\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData("#\n")]
    [InlineData("Timestamp,Level\n")]
    [InlineData("\n")]
    [InlineData("# QueueLog: json\n\n")]
    public void What_is_not_ours_is_kept(string content)
    {
        File.WriteAllText(Log, content);
        WriteAll("one");
        Assert.Equal(content + Header + "one\n", folder.Read("run.log"));
    }

    public static TheoryData<string, LogFormat, string, string> GoingOn => new()
    {
        { "", LogFormat.Json, Template, "" },
        { "{\"@t\":\"x\"}\n", LogFormat.Json, Template, "" },
        { "{\"@t\":\"x\"}\n", LogFormat.Logfmt, Template, "# QueueLog: logfmt\n" },
        { "{\"@t\":\"x\"}\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "# QueueLog: text " + TemplateFormatter.DefaultTemplate + "\n" },
        { "ts=x\n", LogFormat.Logfmt, Template, "" },
        { "ts=x\n", LogFormat.Csv, Template, "# QueueLog: csv\n" + Csv },
        { "ts=x\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "# QueueLog: text " + TemplateFormatter.DefaultTemplate + "\n" },
        { Csv + "x\n", LogFormat.Csv, Template, "" },
        { Csv + "x\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "# QueueLog: text " + TemplateFormatter.DefaultTemplate + "\n" },
        { "Timestamp,Level,Process\nx\n", LogFormat.Csv, Template, "# QueueLog: csv\n" + Csv },
        { "anything\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "" },
        { "anything\n", LogFormat.Text, Template, Header },
        { "anything\n", LogFormat.Json, Template, "# QueueLog: json\n" },
        { Header + "x\n", LogFormat.Text, Template, "" },
        { Header + "x\n", LogFormat.Text, Template + "\n", "# QueueLog: text {Message}{NewLine}\n" },
        { "# QueueLog: text {Message} {Level}\nx\n", LogFormat.Text, Template, Header },
        { Header + "x\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "# QueueLog: text " + TemplateFormatter.DefaultTemplate + "\n" },
        { "x\n# QueueLog: json\n{\"@t\":1}\n", LogFormat.Json, Template, "" },
        { "x\n# QueueLog: json\n{\"@t\":1}\n", LogFormat.Text, TemplateFormatter.DefaultTemplate, "# QueueLog: text " + TemplateFormatter.DefaultTemplate + "\n" },
        { "{\"@t\":1}\n# QueueLog: csv\n" + Csv + "x\n", LogFormat.Json, Template, "# QueueLog: json\n" },
        { "{\"@t\":1}\n# QueueLog: csv\n" + Csv + "x\n", LogFormat.Csv, Template, "" },
        { "{\"@t\":1}\n# QueueLog: csv\nx\n", LogFormat.Csv, Template, "# QueueLog: csv\n" + Csv },
        { "x\n# QueueLog: js\n", LogFormat.Json, Template, "# QueueLog: json\n" },
        { "x # QueueLog: json\n", LogFormat.Json, Template, "# QueueLog: json\n" },
    };

    [Theory]
    [MemberData(nameof(GoingOn))]
    public void A_file_of_another_format_is_told_what_follows_and_one_of_the_same_is_not(string content, LogFormat format, string template, string change)
    {
        File.WriteAllText(Log, content);
        var formatter = RecordFormat.Create(format, template);
        for (var i = 0; i < 2; i++)
        {
            using var sink = Open(formatter);
            Commit(sink, "one");
            Commit(sink, "two");
        }

        var entries = formatter.Format(Some.Record("one")) + formatter.Format(Some.Record("two"));
        Assert.Equal(content + change + entries + entries, folder.Read("run.log"));
    }

    [Fact]
    public void The_last_change_is_found_wherever_it_stands()
    {
        const string Change = "# QueueLog: json\n";
        Gen.Select(Gen.Int[0, 600_000], Gen.Int[0, 600_000]).Sample(
            (before, after) =>
            {
                File.WriteAllText(Log, $"x{new string('.', before)}\n# QueueLog: logfmt\nts=\n{Change}{{\"@t\":{new string('9', after)}}}\n");
                var length = new FileInfo(Log).Length;
                using (var sink = Open(RecordFormat.Create(LogFormat.Json)))
                {
                    sink.Write("one");
                    plan.Clear();
                    sink.Plan(plan, withoutLast: false);
                }

                Assert.Equal([new PlannedAppend(Log, length, Encoding.UTF8.GetByteCount(new JsonFormatter().Format(Some.Record("one"))))], plan);
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    public void A_change_across_the_border_of_two_blocks_is_found(int shift)
    {
        const string Tail = "# QueueLog: json\n{\"@t\":1}\n";
        File.WriteAllText(Log, "x\n" + Tail + new string('.', (256 * 1024) - Tail.Length - 1 + shift) + "\n");
        var length = new FileInfo(Log).Length;
        using var sink = Open(RecordFormat.Create(LogFormat.Json));
        sink.Write("one");

        sink.Plan(plan, withoutLast: false);

        Assert.Equal([new PlannedAppend(Log, length, Encoding.UTF8.GetByteCount(new JsonFormatter().Format(Some.Record("one"))))], plan);
    }

    [Fact]
    public void Overwriting_begins_a_file_of_the_new_format()
    {
        File.WriteAllText(Log, "{\"@t\":1}\n");
        using (var sink = Open(options: Options() with { Overwrite = true }))
        {
            Commit(sink, "one");
        }

        Assert.Equal(Header + "one\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_roll_ends_the_other_format()
    {
        File.WriteAllText(Log, "{\"@t\":1}\n");
        using (var sink = Open(size: Header.Length + 20))
        {
            Commit(sink, "123456789");
            Commit(sink, "one");
        }

        Assert.Equal("{\"@t\":1}\n" + Header + "123456789\n", folder.Read("run.log.1"));
        Assert.Equal(Header + "one\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData("emptied")]
    [InlineData("renamed")]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("moved over")]
    public void What_others_do_to_a_file_does_not_cost_it_its_header(string deed)
    {
        using var sink = Open();
        Commit(sink, "before");
        var rest = "";
        switch (deed)
        {
            case "emptied":
                using (var other = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                {
                    other.SetLength(0);
                }

                break;
            case "deleted":
                OpenFiles.SkipUnlessDeletedAtOnce();
                File.Delete(Log);
                break;
            case "moved over":
                OpenFiles.SkipUnlessReplaceable();
                rest = "ts=1\n";
                File.WriteAllText(folder.Combine("other"), rest);
                File.Move(folder.Combine("other"), Log, overwrite: true);
                break;
            default:
                File.Move(Log, folder.Combine("aside"));
                if (deed == "replaced")
                {
                    File.WriteAllText(Log, "");
                }

                break;
        }

        Commit(sink, "after");
        Commit(sink, "more");

        Assert.Equal(rest + Header + "after\nmore\n", folder.Read("run.log"));
    }

    [Fact]
    public void Whatever_others_do_the_plan_is_what_the_flush_appends()
    {
        using var sink = Open();
        foreach (var content in new[] { null, "", "ts=1\n", Header, Header + "x\n" })
        {
            if (content is not null)
            {
                File.Move(Log, folder.Combine("aside"), overwrite: true);
                File.WriteAllText(Log, content);
            }

            sink.Write("one");
            plan.Clear();
            sink.Plan(plan, withoutLast: false);
            sink.Flush();
            Assert.Equal(plan[0].Length + plan[0].Bytes, new FileInfo(Log).Length);
        }
    }

    private static void Commit(RollingFileSink sink, string message)
    {
        sink.Deliver(message);
        sink.Flush();
    }

    private void WriteAll(params string[] messages)
    {
        using var sink = Open();
        foreach (var message in messages)
        {
            Commit(sink, message);
        }
    }

    private FileLockScope Locks() => new(state.Path, "pipe");

    private RollingFileOptions Options() => new() { Path = folder.Combine("run.log") };

    private RollingFileSink Open(IRecordFormatter? formatter = null, int? size = null, RollingFileOptions? options = null) =>
        new(options ?? Options() with { MaxFileSize = size }, formatter ?? RecordFormat.Create(LogFormat.Text, Template), Locks(), failures);
}
