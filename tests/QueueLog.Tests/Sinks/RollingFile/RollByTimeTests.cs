using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class RollByTimeTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();
    private readonly FakeTimeProvider time = new(At("2026-11-25T22:30:00Z"));

    public void Dispose()
    {
        folder.Dispose();
        state.Dispose();
    }

    [Theory]
    [InlineData(RollInterval.Minute, "2026-11-25T22:30:59Z", "2026-11-25T22:31:00Z", "2026-11-25_22-30")]
    [InlineData(RollInterval.Hour, "2026-11-25T22:59:59Z", "2026-11-25T23:00:00Z", "2026-11-25_22")]
    [InlineData(RollInterval.Day, "2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z", "2026-11-25")]
    [InlineData(RollInterval.Week, "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z", "2026-W48")]
    [InlineData(RollInterval.Month, "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z", "2026-11")]
    public void The_first_entry_of_another_period_begins_a_new_file(RollInterval interval, string still, string next, string period)
    {
        using var sink = Open(Options(interval) with { RollUtc = true, RollNames = RollNames.Date });
        Write(sink, "first");
        time.SetUtcNow(At(still));
        Write(sink, "second");
        Assert.Equal(["run.log"], folder.FilesIn());

        time.SetUtcNow(At(next));
        Write(sink, "third");

        Assert.Equal(["run.log", $"run.log.{period}"], folder.FilesIn());
        Assert.Equal(["first", "second"], folder.ReadLines($"run.log.{period}"));
        Assert.Equal(["third"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void Files_are_numbered_unless_dates_are_asked_for()
    {
        using var sink = Open(Options(RollInterval.Day));
        for (var day = 1; day <= 4; day++)
        {
            Write(sink, $"day {day}");
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(["run.log", "run.log.1", "run.log.2", "run.log.3"], folder.FilesIn());
        Assert.Equal(["day 4", "day 3", "day 2", "day 1"], folder.FilesIn().Select(name => folder.ReadLines(name).Single()));
    }

    [Fact]
    public void Nothing_is_rolled_while_nothing_is_written_and_periods_without_entries_have_no_files()
    {
        using var sink = Open(Options(RollInterval.Hour) with { RollNames = RollNames.Date });
        Write(sink, "before");
        time.Advance(TimeSpan.FromHours(100));
        Assert.Equal(["run.log"], folder.FilesIn());

        Write(sink, "after");

        Assert.Equal(["run.log", "run.log.2026-11-25_22"], folder.FilesIn());
        Assert.Equal(["before"], folder.ReadLines("run.log.2026-11-25_22"));
    }

    [Fact]
    public void An_empty_file_is_not_rolled_and_is_of_the_time_of_its_first_entry()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        time.Advance(TimeSpan.FromDays(3));
        Write(sink, "first");
        Assert.Equal(["run.log"], folder.FilesIn());

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "second");

        Assert.Equal(["run.log", "run.log.2026-11-28"], folder.FilesIn());
    }

    [Fact]
    public void Size_and_time_roll_together_and_files_of_one_period_are_numbered_in_order_of_time()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date, MaxFileSize = 10, MaxFiles = 100 });
        foreach (var message in new[] { "aaaaaaaaa", "bbbbbbbbb", "ccccccccc" })
        {
            Write(sink, message);
        }

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "ddddddddd");
        Write(sink, "eeeeeeeee");

        Assert.Equal(["run.log", "run.log.2026-11-25", "run.log.2026-11-25.1", "run.log.2026-11-25.2", "run.log.2026-11-26"], folder.FilesIn());
        Assert.Equal("eeeeeeeee aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd", string.Join(' ', folder.FilesIn().SelectMany(name => folder.ReadLines(name))));
    }

    [Fact]
    public void A_record_that_is_both_too_long_and_of_another_period_rolls_once()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date, MaxFileSize = 10 });
        Write(sink, "aaaaaaaaa");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "bbbbb");
        Write(sink, "ccc");

        Assert.Equal(["run.log", "run.log.2026-11-25"], folder.FilesIn());
        Assert.Equal(["bbbbb", "ccc"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void Without_an_interval_a_date_is_that_of_the_day_a_file_was_begun()
    {
        using var sink = Open(new RollingFileOptions { Path = folder.Combine("run.log"), Time = time, RollNames = RollNames.Date, MaxFileSize = 10 });
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "aaaa");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "bbbb");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "cccc");
        Write(sink, "ddddddddd");

        Assert.Equal(["run.log", "run.log.2026-11-26", "run.log.2026-11-28"], folder.FilesIn());
    }

    [Fact]
    public void A_name_that_is_taken_is_left_to_whoever_has_it()
    {
        File.WriteAllText(folder.Combine("run.log.2026-11-25"), "of another");
        Directory.CreateDirectory(folder.Combine("run.log.2026-11-25.1"));
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Write(sink, "first");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "second");

        Assert.Equal("of another", folder.Read("run.log.2026-11-25"));
        Assert.Equal(["first"], folder.ReadLines("run.log.2026-11-25.2"));
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public void A_clock_that_is_put_back_rolls_nothing_a_second_time()
    {
        using var sink = Open(Options(RollInterval.Hour) with { RollNames = RollNames.Date });
        Write(sink, "22");
        time.Advance(TimeSpan.FromHours(1));
        Write(sink, "23");
        time.AdjustTime(At("2026-11-25T22:59:59Z"));
        Write(sink, "late");
        time.AdjustTime(At("2026-11-25T23:00:01Z"));
        Write(sink, "23 again");

        Assert.Equal(["run.log", "run.log.2026-11-25_22"], folder.FilesIn());
        Assert.Equal(["23", "late", "23 again"], folder.ReadLines("run.log"));
    }

    [Theory]
    // An hour is skipped in March and repeats in October; half an hour on Lord Howe Island, in October and April.
    [InlineData("Europe/Berlin", "2026-03-28T22:30:00Z", 5, "2026-03-28_23 2026-03-29_00 2026-03-29_01 2026-03-29_03")]
    [InlineData("Europe/Berlin", "2026-10-24T22:30:00Z", 5, "2026-10-25_00 2026-10-25_01 2026-10-25_02")]
    [InlineData("America/New_York", "2026-11-01T03:30:00Z", 5, "2026-10-31_23 2026-11-01_00 2026-11-01_01")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T13:45:00Z", 4, "2026-04-05_00 2026-04-05_01")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T14:15:00Z", 4, "2026-10-04_00 2026-10-04_01 2026-10-04_02")]
    public void Hours_are_those_of_the_local_clock_also_where_it_is_put_forward_or_back(string zone, string from, int entries, string periods)
    {
        time.SetLocalTimeZone(Zones.Find(zone));
        time.AdjustTime(At(from));
        using var sink = Open(Options(RollInterval.Hour) with { RollNames = RollNames.Date });
        for (var i = 0; i < entries; i++)
        {
            Write(sink, $"{i}");
            time.Advance(zone == "Australia/Lord_Howe" ? TimeSpan.FromMinutes(45) : TimeSpan.FromHours(1));
        }

        var names = folder.FilesIn().Skip(1).Append("run.log").ToArray();
        Assert.Equal(periods.Split(' ').Select(period => $"run.log.{period}").Append("run.log"), names);
        Assert.Equal(Enumerable.Range(0, entries).Select(i => $"{i}"), names.SelectMany(name => folder.ReadLines(name)));
    }

    [Fact]
    public void Every_minute_of_a_repeated_hour_has_its_file_and_names_stay_in_order_of_time()
    {
        time.SetLocalTimeZone(Zones.Find("Europe/Berlin"));
        time.AdjustTime(At("2026-10-25T00:58:30Z"));
        using var sink = Open(Options(RollInterval.Minute) with { RollNames = RollNames.Date, MaxFiles = 1000 });
        for (var i = 0; i < 65; i++)
        {
            Write(sink, $"{i}");
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var path = new RollingPath(folder.Combine("run.log"), RollInterval.Minute);
        var names = folder.FilesIn().Where(name => name != "run.log").OrderBy(name => path.Parse(name)!.Value).Append("run.log").ToArray();
        Assert.Equal(65, names.Length);
        Assert.Equal(["run.log.2026-10-25_02-58", "run.log.2026-10-25_02-59", "run.log.2026-10-25_02-59.1"], names[..3]);
        Assert.Equal(["run.log.2026-10-25_02-59.60", "run.log.2026-10-25_03-00", "run.log.2026-10-25_03-01", "run.log"], names[^4..]);
        Assert.Equal(Enumerable.Range(0, 65).Select(i => $"{i}"), names.SelectMany(name => folder.ReadLines(name)));
    }

    [Theory]
    [InlineData("2026-11-25T00:00:01Z", "run.log")]
    [InlineData("2026-11-24T23:59:59Z", "run.log run.log.2026-11-24")]
    [InlineData("2026-01-02T03:04:05Z", "run.log run.log.2026-01-02")]
    // The clock was wrong then, or is now.
    [InlineData("2027-01-02T03:04:05Z", "run.log")]
    public void A_file_of_a_former_run_is_written_on_unless_it_is_of_an_earlier_period(string lastWrite, string files)
    {
        File.WriteAllText(folder.Combine("run.log"), "former\n");
        File.SetLastWriteTimeUtc(folder.Combine("run.log"), At(lastWrite).UtcDateTime);
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Assert.Equal(["run.log"], folder.FilesIn());

        Write(sink, "now");

        Assert.Equal(files, string.Join(' ', folder.FilesIn()));
        Assert.Equal("former now", string.Join(' ', folder.FilesIn().Reverse().SelectMany(name => folder.ReadLines(name))));
    }

    [Theory]
    [InlineData("{\"@t\":\"2026-11-24T12:00:00.0000000+00:00\",\"@m\":\"former\"}")]
    [InlineData("ts=2026-11-24T12:00:00.0000000+00:00 level=info msg=former")]
    [InlineData("2026-11-24T14:00:00.0000000+02:00,Information,p,1,,,,,1,,former,,,,,")]
    [InlineData("2026-11-24 12:00:00,123 p Information former\n    2026-11-25 01:00:00 is further text\n    and more")]
    [InlineData("Information 2026-11-24 12:00:00Z former")]
    public void It_is_the_last_record_that_tells_and_not_who_has_touched_the_file(string former)
    {
        File.WriteAllText(folder.Combine("run.log"), former + "\n");
        File.SetLastWriteTimeUtc(folder.Combine("run.log"), At("2026-11-25T22:29:00Z").UtcDateTime);
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });

        Write(sink, "now");

        Assert.Equal(["run.log", "run.log.2026-11-24"], folder.FilesIn());
    }

    [Fact]
    public void A_file_whose_last_record_is_too_old_goes_with_the_roll_that_makes_it_an_old_one()
    {
        File.WriteAllText(folder.Combine("run.log"), "2026-11-20 12:00:00,123 former\n");
        using (var sink = Open(Options(RollInterval.Day) with { MaxAge = TimeSpan.FromDays(3) }))
        {
            Write(sink, "now");
        }

        Assert.Equal(["run.log"], folder.FilesIn());
        Assert.Equal(["now"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void A_line_torn_by_a_crash_is_ended_in_the_period_it_is_of_however_often_the_file_is_opened()
    {
        File.WriteAllText(folder.Combine("run.log"), "torn");
        File.SetLastWriteTimeUtc(folder.Combine("run.log"), At("2026-11-24T01:00:00Z").UtcDateTime);
        Open(Options(RollInterval.Day)).Dispose();
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });

        Write(sink, "now");

        Assert.Equal(["torn"], folder.ReadLines("run.log.2026-11-24"));
    }

    [Fact]
    public void A_batch_that_was_cut_back_leaves_the_file_in_its_period()
    {
        var log = folder.Combine("run.log");
        File.WriteAllText(log, "whole\ntorn");
        File.SetLastWriteTimeUtc(log, At("2026-11-24T01:00:00Z").UtcDateTime);
        var intent = new BatchIntent();
        intent.Files.Add(new FileGrowth(log, 6, 20));
        CheckpointRecovery.Recover(intent, [], _ => new MemoryStream());
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });

        Write(sink, "now");

        Assert.Equal("whole\n", folder.Read("run.log.2026-11-24"));
    }

    [Fact]
    public void A_roll_that_fails_leaves_the_file_with_the_name_of_its_own_period()
    {
        using var sink = Open(Options(RollInterval.Day));
        Directory.CreateDirectory(folder.Combine("run.log.1"));
        Write(sink, "25");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "26");
        Write(sink, "26 too");
        Assert.Equal("25\n26\n26 too\n", folder.Read("run.log"));
        Assert.Single(failures.GetRecent());

        Directory.Delete(folder.Combine("run.log.1"));
        Write(sink, "26 again");

        Assert.Equal("25\n26\n26 too\n", folder.Read("run.log.1"));
        Assert.Equal("26 again\n", folder.Read("run.log"));
    }

    [Fact]
    public void The_clock_is_looked_at_for_the_first_entry_of_a_batch()
    {
        using var sink = Open(Options(RollInterval.Hour) with { RollNames = RollNames.Date });
        sink.Write("first");
        time.Advance(TimeSpan.FromHours(1));
        sink.Write("of the same batch");
        Assert.False(sink.NeedsRoll);
        sink.Flush();

        sink.Write("of the next");
        Assert.True(sink.NeedsRoll);
        sink.Flush(withoutLast: true);
        sink.Roll();
        sink.Flush();

        Assert.Equal(["first", "of the same batch"], folder.ReadLines("run.log.2026-11-25_22"));
        Assert.Equal(["of the next"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void What_was_taken_away_is_not_rolled_and_the_new_file_is_of_its_own_time()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Write(sink, "25");
        File.Move(folder.Combine("run.log"), folder.Combine("taken"));
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "26");
        Assert.Equal(["run.log", "taken"], folder.FilesIn());

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "27");

        Assert.Equal(["run.log", "run.log.2026-11-26", "taken"], folder.FilesIn());
    }

    [Fact]
    public void A_file_that_someone_emptied_is_not_rolled()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Write(sink, "25");
        using (var other = new FileStream(folder.Combine("run.log"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.SetLength(0);
        }

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "26");
        Assert.Equal(["run.log"], folder.FilesIn());

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "27");
        Assert.Equal(["run.log", "run.log.2026-11-26"], folder.FilesIn());
    }

    [Theory]
    [InlineData(RollInterval.Minute, 1, "2026-11-25T22:31:00Z", "run-202611252230.log", "run-202611252231.log")]
    [InlineData(RollInterval.Hour, 1, "2026-11-25T23:00:00Z", "run-2026112522.log", "run-2026112523.log")]
    [InlineData(RollInterval.Hour, 6, "2026-11-26T00:00:00Z", "run-2026112518.log", "run-2026112600.log")]
    [InlineData(RollInterval.Day, 1, "2026-11-26T00:00:00Z", "run-20261125.log", "run-20261126.log")]
    [InlineData(RollInterval.Week, 1, "2026-11-30T00:00:00Z", "run-2026W48.log", "run-2026W49.log")]
    [InlineData(RollInterval.Month, 1, "2026-12-01T00:00:00Z", "run-202611.log", "run-202612.log")]
    public void With_dates_in_names_each_file_has_that_of_its_records_and_none_is_renamed(RollInterval interval, int every, string next, string first, string second)
    {
        using var sink = Open(Options(interval) with { RollUtc = true, RollEvery = every, RollNames = RollNames.DateInName });
        Write(sink, "first");
        var before = FileIdentity.Of(folder.Combine(first));
        time.SetUtcNow(At(next).AddTicks(-1));
        Write(sink, "second");
        time.SetUtcNow(At(next));
        Write(sink, "third");

        Assert.Equal([first, second], folder.FilesIn());
        Assert.Equal(["first", "second"], folder.ReadLines(first));
        Assert.Equal(["third"], folder.ReadLines(second));
        Assert.Equal(before, FileIdentity.Of(folder.Combine(first)));
        Assert.Equal(folder.Combine(second), sink.FilePath);
    }

    [Fact]
    public void With_dates_in_names_a_day_is_the_interval_unless_another_is_named()
    {
        using var sink = Open(new RollingFileOptions { Path = folder.Combine("run.log"), Time = time, RollUtc = true, RollNames = RollNames.DateInName });
        Write(sink, "25");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "26");

        Assert.Equal(["run-20261125.log", "run-20261126.log"], folder.FilesIn());
    }

    [Fact]
    public void Size_and_retention_hold_for_files_with_dates_in_their_names()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollUtc = true, RollNames = RollNames.DateInName, MaxFileSize = 10, MaxFiles = 3 });
        foreach (var message in new[] { "aaaaaaaaa", "bbbbbbbbb", "ccccccccc" })
        {
            Write(sink, message);
        }

        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "ddddddddd");
        Write(sink, "eeeeeeeee");

        Assert.Equal(["run-20261125_001.log", "run-20261125_002.log", "run-20261126.log", "run-20261126_001.log"], folder.FilesIn());
        Assert.Equal("bbbbbbbbb ccccccccc ddddddddd eeeeeeeee", string.Join(' ', folder.FilesIn().SelectMany(name => folder.ReadLines(name))));
    }

    [Fact]
    public void A_restart_goes_on_in_the_last_file_of_today_and_counts_those_of_before_as_old()
    {
        foreach (var old in new[] { "run-20261123.log", "run-20261124.log", "run-20261125.log", "run-20261125_001.log", "run-2026.log", "walk-20261101.log", "run-20261101.txt" })
        {
            File.WriteAllText(folder.Combine(old), "x\n");
        }

        using (var sink = Open(Options(RollInterval.Day) with { RollUtc = true, RollNames = RollNames.DateInName, MaxFiles = 2 }))
        {
            Write(sink, "today");
        }

        Assert.Equal(["run-2026.log", "run-20261101.txt", "run-20261124.log", "run-20261125.log", "run-20261125_001.log", "walk-20261101.log"], folder.FilesIn());
        Assert.Equal(["x", "today"], folder.ReadLines("run-20261125_001.log"));
        time.Advance(TimeSpan.FromDays(1));
        using (var sink = Open(Options(RollInterval.Day) with { RollUtc = true, RollNames = RollNames.DateInName }))
        {
            Write(sink, "tomorrow");
        }

        Assert.Equal(["tomorrow"], folder.ReadLines("run-20261126.log"));
    }

    [Fact]
    public void A_file_of_today_that_is_compressed_is_followed_by_another()
    {
        File.WriteAllText(folder.Combine("run-20261125.log.gz"), "x");
        using var sink = Open(Options(RollInterval.Day) with { RollUtc = true, RollNames = RollNames.DateInName });
        Write(sink, "today");

        Assert.Equal(["run-20261125.log.gz", "run-20261125_001.log"], folder.FilesIn());
    }

    [Fact]
    public void A_day_without_records_leaves_no_file_with_its_date()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollUtc = true, RollNames = RollNames.DateInName });
        time.Advance(TimeSpan.FromDays(2));
        Write(sink, "27");

        Assert.Equal(["run-20261127.log"], folder.FilesIn());
        Assert.Equal(["27"], folder.ReadLines("run-20261127.log"));
    }

    [Fact]
    public void A_file_that_has_the_log_s_own_name_is_refused_where_dates_are_in_names()
    {
        File.WriteAllText(folder.Combine("run.log"), "old\n");

        var refused = Assert.Throws<LogFileException>(() => Open(Options(RollInterval.Day) with { RollNames = RollNames.DateInName }));

        Assert.Contains("Rename the file", refused.Message);
        Assert.Equal(["run.log"], folder.FilesIn());
    }

    [Fact]
    public void Files_by_token_with_dates_in_names_roll_each_by_itself()
    {
        using var sink = new TokenFileSink(Options(RollInterval.Day) with { Path = folder.Combine("{Process}.log"), RollUtc = true, RollNames = RollNames.DateInName }, new TemplateFormatter("{Message}"), Locks, failures);
        Deliver("A", "25");
        Deliver("B", "25");
        time.Advance(TimeSpan.FromDays(1));
        Deliver("A", "26");

        Assert.Equal(["A-20261125.log", "A-20261126.log", "B-20261125.log"], folder.FilesIn());

        void Deliver(string process, string message)
        {
            sink.Deliver(Some.Record(message, process: process));
            sink.Flush();
        }
    }

    [Fact]
    public void Files_by_token_roll_each_by_itself()
    {
        using var sink = new TokenFileSink(Options(RollInterval.Day) with { Path = folder.Combine("{Process}.log"), RollNames = RollNames.Date }, new TemplateFormatter("{Message}"), Locks, failures);
        Deliver("A", "1");
        Deliver("B", "1");
        time.Advance(TimeSpan.FromDays(1));
        Deliver("A", "2");
        Assert.Equal(["A.log", "A.log.2026-11-25", "B.log"], folder.FilesIn());
        time.Advance(TimeSpan.FromDays(1));
        Deliver("A", "3");
        Deliver("B", "3");

        Assert.Equal(["A.log", "A.log.2026-11-25", "A.log.2026-11-26", "B.log", "B.log.2026-11-25"], folder.FilesIn());

        void Deliver(string process, string message)
        {
            sink.Deliver(Some.Record(message, process: process));
            sink.Flush();
        }
    }

    [Fact]
    public void A_reader_that_holds_the_file_open_stops_no_roll_and_reads_on_in_what_it_has()
    {
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Write(sink, "25");
        using var reader = new StreamReader(new FileStream(folder.Combine("run.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        Write(sink, "25 too");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "26");

        Assert.Equal("25\n25 too\n", reader.ReadToEnd());
        Assert.Equal(["26"], folder.ReadLines("run.log"));
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public void A_reader_that_does_not_let_others_delete_the_file_puts_the_roll_off_until_it_has_closed_it()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only on Windows can a reader forbid it.");
        using var sink = Open(Options(RollInterval.Day) with { RollNames = RollNames.Date });
        Write(sink, "25");
        using (new FileStream(folder.Combine("run.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            time.Advance(TimeSpan.FromDays(1));
            Write(sink, "26");
            Write(sink, "26 too");
            Assert.Equal(["25", "26", "26 too"], folder.ReadLines("run.log"));
            Assert.Single(failures.GetRecent());
        }

        Write(sink, "26 again");
        Assert.Equal(["25", "26", "26 too"], folder.ReadLines("run.log.2026-11-25"));
        Assert.Equal(["26 again"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void Looking_at_the_clock_allocates_nothing()
    {
        using var sink = Open(Options(RollInterval.Day) with { Time = TimeProvider.System });
        var view = Some.Record().View;
        for (var i = 0; i < 100; i++)
        {
            sink.Write(in view);
            sink.Flush();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sink.Write(in view);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static DateTimeOffset At(string moment) => DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);

    private static void Write(RollingFileSink sink, string message)
    {
        sink.Deliver(message);
        sink.Flush();
    }

    private FileLockScope Locks => new(state.Path, "pipe");

    private RollingFileOptions Options(RollInterval interval) => new() { Path = folder.Combine("run.log"), RollInterval = interval, Time = time };

    private RollingFileSink Open(RollingFileOptions options) => new(options, new TemplateFormatter("{Message}"), Locks, failures);
}
