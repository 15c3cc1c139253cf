using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Search;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

public sealed class LogReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rolled_and_compressed_files_come_in_order_of_time()
    {
        Write("run.log.10.gz", LogFixture.Compress(LogFixture.Lines(1, 3)));
        Write("run.log.9", LogFixture.Lines(4, 2));
        Write("run.log.2.gz", LogFixture.Compress(LogFixture.Lines(6, 2)));
        Write("run.log.1", LogFixture.Lines(8, 1));
        Write("run.log", LogFixture.Lines(9, 2));
        Write("run.log.old", LogFixture.Lines(100, 2));
        Write("run.log.01", LogFixture.Lines(100, 2));
        Write("xrun.log.1", LogFixture.Lines(100, 2));
        Assert.Equal(LogFixture.Records(1, 10), LogFixture.Messages(Log));
    }

    [Fact]
    public void A_pipe_called_like_an_old_file_is_none_and_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes that are files are a matter of Unix.");
        Write("run.log.2.gz", LogFixture.Compress(LogFixture.Lines(1, 1)));
        Write("run.log", LogFixture.Lines(2, 1));
        foreach (var name in new[] { "run.log.1", "run.log.2" })
        {
            using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [folder.Combine(name)]);
            mkfifo.WaitForExit();
        }

        Assert.Equal(LogFixture.Records(1, 2), LogFixture.Messages(Log));
    }

    [Fact]
    public void Dated_files_come_in_order_of_time()
    {
        string[] names =
        [
            "run.log.2026-01", "run.log.2026-02-27", "run.log.2026-02-28.gz", "run.log.2026-02-28.1", "run.log.2026-02-28.2", "run.log.2026-02-28.10.gz",
            "run.log.2026-03-01_09", "run.log.2026-03-01_09-30", "run.log.2026-03-01_10", "run.log.2026-W11", "run.log",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            Write(names[i], names[i].EndsWith(".gz", StringComparison.Ordinal) ? LogFixture.Compress(LogFixture.Lines(i, 1)) : Encoding.UTF8.GetBytes(LogFixture.Lines(i, 1)));
        }

        Assert.Equal(LogFixture.Records(0, names.Length), LogFixture.Messages(Log));
    }

    [Fact]
    public void A_file_that_is_being_compressed_is_read_once()
    {
        Write("run.log.1", LogFixture.Lines(1, 2));
        Write("run.log.1.gz", LogFixture.Compress(LogFixture.Lines(1, 2))[..30]);
        Write("run.log", LogFixture.Lines(3, 1));
        Assert.Equal(LogFixture.Records(1, 3), LogFixture.Messages(Log));
    }

    [Fact]
    public void A_file_may_change_its_format_anywhere()
    {
        Write(
            "run.log",
            LogFixture.Line(1, "default")
            + "# QueueLog: json\n{\"@t\":\"2026-03-04T15:00:01.0000000+02:00\",\"@m\":\"in json\"}\n"
            + "# QueueLog: logfmt\nts=2026-03-04T15:00:02.0000000+02:00 level=info msg=logfmt\n"
            + "# QueueLog: csv\nTimestamp,Level,Message\n2026-03-04T15:00:03.0000000+02:00,Information,in csv\n"
            + "# QueueLog: text {Level:u3}{NewLine}{Message}\nWRN\n    in text\nERR\n    more\n    lines\n"
            + "# QueueLog: hologram\nwhat is this\n");
        var entries = LogFixture.Read(Log);
        Assert.Equal(["default", "in json", "logfmt", "in csv", "in text", "more\nlines", "what is this"], entries.Select(entry => entry.Message));
        Assert.Equal([false, false, false, false, false, false, true], entries.Select(entry => entry.IsRaw));
        Assert.Equal(LogLevel.Error, entries[5].Level);
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_are_no_part_of_records()
    {
        Write("run.log", "\uFEFF" + (LogFixture.Line(1, "one") + LogFixture.Line(2, "two\n    more")).Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(["one", "two\nmore"], LogFixture.Messages(Log));
        Assert.Equal(["two\nmore"], LogFixture.Messages(Log, new LogQuery { Pattern = new EntryPattern("more$", ignoreCase: false) }));
        Assert.Equal(["one"], LogFixture.Messages(Log, new LogQuery { Pattern = new EntryPattern("[a-z]ne$", ignoreCase: false) }));
    }

    [Fact]
    public void Lines_of_others_come_raw_and_an_unfinished_line_says_so()
    {
        Write("run.log", "started by hand\n" + LogFixture.Line(1, "one") + "Segmentation fault\n    core dumped\n" + LogFixture.Line(2, "two").TrimEnd('\n'));
        var entries = LogFixture.Read(Log);
        Assert.Equal(["started by hand", "one", "Segmentation fault\n    core dumped", "two"], entries.Select(entry => entry.Message));
        Assert.Equal([true, false, true, false], entries.Select(entry => entry.IsRaw));
        Assert.Equal([false, false, false, true], entries.Select(entry => entry.IsUnfinished));
        Assert.Equal([0L, 16L], entries.Take(2).Select(entry => entry.Offset));
        Assert.All(entries, entry => Assert.Equal(Log, entry.File));
    }

    [Fact]
    public void A_given_template_is_for_files_that_do_not_tell_theirs()
    {
        Write("run.log", "WRN one\nERR two\n# QueueLog: text {Message} {Level}\nthree Debug\n");
        var entries = LogFixture.Read(Log, new LogQuery { Template = "{Level:u3} {Message}" });
        Assert.Equal(["one", "two", "three"], entries.Select(entry => entry.Message));
        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Debug], entries.Select(entry => entry.Level!.Value));
    }

    [Fact]
    public void Entries_of_any_length_are_whole_wherever_the_blocks_end()
    {
        var random = new Random(5);
        var messages = Enumerable.Range(0, 400).Select(i => $"{i} " + string.Join("\n", Enumerable.Range(0, random.Next(1, 5)).Select(_ => new string((char)('a' + i % 26), random.Next(0, 4000))))).ToList();
        messages.Insert(100, "long " + new string('x', 3_000_000));
        messages.Insert(200, "many " + string.Join('\n', Enumerable.Repeat("line", 200_000)));
        Write("run.log", string.Concat(messages.Select((message, i) => LogFixture.Line(i, message.Replace("\n", "\n    ", StringComparison.Ordinal)))));
        Assert.Equal(messages.Select(message => message.TrimEnd()), LogFixture.Messages(Log).Select(message => message.TrimEnd()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20_000)]
    [InlineData(20_005)]
    [InlineData(20_010)]
    [InlineData(50_000)]
    public void The_tail_is_the_last_so_many(int count)
    {
        Write("run.log.2.gz", LogFixture.Compress(LogFixture.Lines(1, 5)));
        Write("run.log.1", LogFixture.Lines(6, 5));
        Write("run.log", LogFixture.Lines(11, 20_000));
        Assert.Equal(LogFixture.Records(1, 20_010).TakeLast(count), LogFixture.Messages(Log, new LogQuery { Tail = count }));
    }

    [Fact]
    public void The_tail_knows_the_format_and_the_filters_and_long_entries()
    {
        Write("run.log", LogFixture.Lines(1, 100) + "# QueueLog: text {Level} {Message}\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"Debug {i}\n")) + "Error " + new string('x', 900_000) + "\nDebug last\n");
        Assert.Equal(["19999", "last"], LogFixture.Messages(Log, new LogQuery { Tail = 2, Filter = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Debug) } }));
        Assert.Equal(900_000, LogFixture.Messages(Log, new LogQuery { Tail = 2 })[0].Length);
        Assert.Equal(["record 100", "record 100"], LogFixture.Messages(Log, new LogQuery { Tail = 1, Filter = new EntryFilter { Levels = EntryFilter.BitOf(LogLevel.Information) } }).Append("record 100"));
    }

    [Fact]
    public void Times_choose_from_large_files_exactly_though_they_are_not_read()
    {
        // More than the room that is left for late records, with one of them.
        const int Count = 600_000;
        Write("run.log", LogFixture.Lines(0, Count) + LogFixture.Line(5, "late") + LogFixture.Lines(Count, 10));
        Assert.True(new FileInfo(Log).Length > 2 * 16 * 1024 * 1024);
        var since = LogFixture.Start.AddMilliseconds(Count - 3).UtcTicks;
        Assert.Equal(LogFixture.Records(Count - 3, 13), LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = since } }));
        Assert.Equal(LogFixture.Records(Count - 3, 2), LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = since, Until = since + TimeSpan.TicksPerMillisecond } }));
        Assert.Equal(LogFixture.Records(0, 5), LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Until = LogFixture.Start.AddMilliseconds(4).UtcTicks } }));
        Assert.Empty(LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = LogFixture.Start.AddDays(1).UtcTicks } }));
    }

    [Fact]
    public void Records_that_a_dead_process_left_are_found_behind_later_ones()
    {
        // A journal of two megabytes, written half an hour late, in the middle of the log.
        const int Count = 400_000;
        Write("run.log", LogFixture.Lines(0, Count) + string.Concat(Enumerable.Range(0, 30_000).Select(i => LogFixture.Line(i, "left behind"))) + LogFixture.Lines(Count, 20_000));
        var since = LogFixture.Start.AddMilliseconds(Count - 10).UtcTicks;
        Assert.Equal(LogFixture.Records(Count - 10, 20_010), LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = since } }));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25T00:00:00Z", 60)]
    [InlineData("America/New_York", "2026-11-01T05:00:00Z", 60)]
    [InlineData("Australia/Lord_Howe", "2026-04-04T14:30:00Z", 30)]
    public void Where_clocks_are_put_back_the_order_of_the_entries_tells_which_of_two_hours_they_are_of(string name, string firstTime, int overlap)
    {
        var zone = Zones.Find(name);
        var start = DateTimeOffset.Parse(firstTime, CultureInfo.InvariantCulture).AddMinutes(-30);

        // Every five seconds, and two processes that are a little out of order.
        var times = Enumerable.Range(0, (2 * overlap + 60) * 12).Select(i => start.AddSeconds(5 * i + (i % 3 == 0 ? 7 : 0))).ToArray();
        Write("run.log", string.Concat(times.Select(time => string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeZoneInfo.ConvertTime(time, zone):yyyy-MM-dd HH:mm:ss,fff} Worker-1   Information {time:HH:mm:ss}\n"))));
        var query = new LogQuery { Zone = zone, Report = problem => Assert.Fail(problem.ToString()) };

        Assert.Equal(times, new LogReader(query).Read(Log).Select(entry => entry.Timestamp!.Value));
        foreach (var moment in new[] { start.AddMinutes(40), start.AddMinutes(30 + overlap + 10) })
        {
            var (since, until) = (moment.UtcTicks, moment.AddMinutes(10).UtcTicks);
            var found = new LogReader(query with { Filter = new EntryFilter { Since = since, Until = until } }).Read(Log);
            Assert.Equal(times.Where(time => time.UtcTicks >= since && time.UtcTicks <= until), found.Select(entry => entry.Timestamp!.Value));
        }
    }

    [Fact]
    public void Of_a_large_log_the_second_of_two_hours_is_found_whole()
    {
        var zone = Zones.Find("Europe/Berlin");
        var start = new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero);
        var filler = new string('x', 400);
        using (var file = new StreamWriter(Log))
        {
            for (var i = 0; i < 5 * 36_000; i++)
            {
                var local = TimeZoneInfo.ConvertTime(start.AddMilliseconds(100 * i), zone);
                file.Write(string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss,fff} Worker-1   Information {i} {filler}\n"));
            }
        }

        // 02:10 for the second time: 3 h 10 min after the start.
        var query = new LogQuery { Zone = zone, Filter = new EntryFilter { Since = start.AddMinutes(190).UtcTicks }, Report = problem => Assert.Fail(problem.ToString()) };
        Assert.Equal(5 * 36_000 - 190 * 600, new LogReader(query).Read(Log).Count());
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Logfmt)]
    [InlineData(LogFormat.Csv)]
    public void Of_any_format_records_of_a_time_are_given_with_the_lines_behind_them(LogFormat format)
    {
        var formatter = RecordFormat.Create(format);
        var lines = Enumerable.Range(0, 10).Select(i => formatter.Format(new SampleRecord { Timestamp = LogFixture.Start.AddSeconds(i), Message = $"{i}" }) + $"raw of {i}\n");
        Write("run.log", Encoding.UTF8.GetString(formatter.Lines!.Header) + string.Concat(lines));
        var filter = new EntryFilter { Since = LogFixture.Start.AddSeconds(3).UtcTicks, Until = LogFixture.Start.AddSeconds(5).UtcTicks };
        Assert.Equal(["3", "raw of 3", "4", "raw of 4", "5", "raw of 5"], LogFixture.Messages(Log, new LogQuery { Filter = filter }));
    }

    [Fact]
    public void A_raw_line_is_of_the_time_of_the_record_before_it()
    {
        Write("run.log", LogFixture.Line(1, "one") + "raw of one\n" + LogFixture.Line(5, "two") + "raw of two\n");
        Assert.Equal(["two", "raw of two"], LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Since = LogFixture.Start.AddMilliseconds(3).UtcTicks } }));
    }

    [Fact]
    public void Where_no_worker_is_shown_its_process_has_its_name()
    {
        Write("run.log", LogFixture.Line(1, "one") + LogFixture.Line(2, "two").Replace("Worker-1", "Worker-2", StringComparison.Ordinal));
        Assert.Equal(["two"], LogFixture.Messages(Log, new LogQuery { Filter = new EntryFilter { Worker = new TextFilter(text => text == "Worker-2") } }));
    }

    [Fact]
    public void A_log_without_times_cannot_be_read_by_time_and_says_so()
    {
        Write("run.log", "# QueueLog: text {Message}\nx\n");
        var problems = new List<ReadProblem>();
        Assert.Empty(LogFixture.Read(Log, new LogQuery { Filter = new EntryFilter { Since = 1 } }, problems));
        Assert.Equal(ReadFault.NoTimes, Assert.Single(problems).Fault);
    }

    [Theory]
    [InlineData("{Message}", "Level", "Process", "Worker", "Category", "Item", "Rows")]
    [InlineData("{Level} {Process} {Message}", "Category", "Item", "Rows")]
    [InlineData("{Level} {Process} {Worker}/{Item} {Category} {Message} {rows}")]
    [InlineData("{Level} {Process} {Worker}/{Item} {Category} {Message} {Properties}")]
    public void A_log_that_does_not_show_what_it_is_to_be_read_by_says_so_once(string template, params string[] lacked)
    {
        var line = $"# QueueLog: text {template}\n{new TemplateFormatter(template).Format(new SampleRecord { Message = "m" })}";
        Write("run.log.1", "no record of ours\n" + line);
        Write("run.log", line);
        var problems = new List<ReadProblem>();
        var filter = new EntryFilter
        {
            Levels = EntryFilter.BitOf(LogLevel.Critical),
            Process = new TextFilter(text => text == "p"),
            Worker = new TextFilter(text => text == "w"),
            Category = new TextFilter(text => text == "c"),
            Items = [7],
            Properties = [new PropertyFilter("Rows"u8.ToArray(), value => value is not null)],
        };

        Assert.Empty(LogFixture.Read(Log, new LogQuery { Filter = filter }, problems));

        if (lacked.Length == 0)
        {
            Assert.Empty(problems);
        }
        else
        {
            var problem = Assert.Single(problems);
            Assert.Equal(ReadFault.NoField, problem.Fault);
            Assert.Equal(lacked, problem.Fields);
        }
    }

    [Fact]
    public void What_asks_for_a_field_to_be_missing_finds_entries_that_never_show_it()
    {
        Write("run.log", LogFixture.Line(1, "one"));
        var problems = new List<ReadProblem>();
        var filter = new EntryFilter
        {
            Worker = new TextFilter(_ => true),
            Properties = [new PropertyFilter("Rows"u8.ToArray(), value => value is null)],
        };

        Assert.Single(LogFixture.Read(Log, new LogQuery { Filter = filter }, problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void A_log_whose_format_changed_is_read_by_what_one_of_them_shows()
    {
        Write("run.log", LogFixture.Line(1, "one") + "# QueueLog: text {Category} {Message}\nDb two\n");
        var problems = new List<ReadProblem>();
        Assert.Equal("two", Assert.Single(LogFixture.Read(Log, new LogQuery { Filter = new EntryFilter { Category = new TextFilter(text => text == "Db") } }, problems)).Message);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Of_a_compressed_file_that_was_cut_comes_what_can_be_read_and_the_rest_is_told(int missing)
    {
        var whole = LogFixture.Compress(LogFixture.Lines(1, 5000));
        Write("run.log.1.gz", missing == 0 ? [.. whole[..^40], .. Enumerable.Repeat((byte)0xA5, 40)] : whole[..^missing]);
        Write("run.log", LogFixture.Lines(5001, 1));
        var problems = new List<ReadProblem>();
        var messages = LogFixture.Read(Log, null, problems).Where(entry => entry is { IsRaw: false, IsUnfinished: false }).Select(entry => entry.Message).ToArray();
        Assert.Equal(ReadFault.Damaged, Assert.Single(problems).Fault);
        Assert.Equal(folder.Combine("run.log.1.gz"), problems[0].Path);
        Assert.InRange(messages.Length, 1000, 5001);
        Assert.Equal(LogFixture.Records(1, messages.Length - 1).Append("record 5001"), messages);
    }

    [Fact]
    public void What_was_joined_of_several_compressed_files_is_whole()
    {
        Write("run.log.1.gz", [.. LogFixture.Compress(LogFixture.Lines(1, 5)), .. LogFixture.Compress(LogFixture.Lines(6, 2))]);
        Assert.Equal(LogFixture.Records(1, 7), LogFixture.Messages(Log));
    }

    [Fact]
    public void Several_logs_become_one_by_time()
    {
        Write("a.log", LogFixture.Line(1, "a1") + "raw of a1\n" + LogFixture.Line(5, "a5"));
        Write("b.log", LogFixture.Line(2, "b2") + LogFixture.Line(4, "b4"));
        var reader = new LogReader(LogFixture.Query());
        var merged = LogMerge.ByTime([reader.Read(folder.Combine("a.log")), new LogReader(LogFixture.Query()).Read(folder.Combine("b.log"))]);
        Assert.Equal(["a1", "raw of a1", "b2", "b4", "a5"], merged.Select(entry => entry.Message));
    }

    [Fact]
    public void A_file_that_rolls_while_it_is_read_is_read_once()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        Write("run.log.1", LogFixture.Lines(1, 3));
        Write("run.log", LogFixture.Lines(4, 3));
        var messages = new List<string>();
        foreach (var entry in new LogReader(LogFixture.Query()).Read(Log))
        {
            messages.Add(entry.Message);
            if (messages.Count == 2)
            {
                File.Delete(folder.Combine("run.log.1"));
                File.Move(Log, folder.Combine("run.log.1"));
                Write("run.log", LogFixture.Lines(7, 3));
            }
        }

        Assert.Equal(LogFixture.Records(1, 6), messages);
    }

    private void Write(string name, string text) => File.WriteAllText(folder.Combine(name), text);

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(folder.Combine(name), bytes);
}
