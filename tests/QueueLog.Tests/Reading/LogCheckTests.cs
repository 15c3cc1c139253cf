using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

public sealed class LogCheckTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly StringBuilder log = new();
    private int second;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_log_with_every_record_once_and_in_order_is_complete()
    {
        Add(1, 1, 2);
        Add(2, 1);
        Add(1, 3);
        var results = Check();
        Assert.All(results, result => Assert.Equal(CheckStatus.Complete, result.Status));
        Assert.Equal(["Process p1 1 3 3", "Process p2 1 1 1", "File run.log   4"], results.Select(result => $"{result.Subject} {result.Name} {result.First} {result.Last} {result.Count}"));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 15, 0, 1, TimeSpan.FromHours(2)), results[0].From);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 15, 0, 4, TimeSpan.FromHours(2)), results[0].To);
    }

    [Fact]
    public void Holes_are_listed()
    {
        Add(1, 1, 3, 4, 9, 10);
        var result = Check()[0];
        Assert.Equal(CheckStatus.Incomplete, result.Status);
        Assert.Equal(5, result.Missing);
        Assert.Equal(["2", "5..8"], result.MissingNumbers.Select(range => range.ToString()));
    }

    [Fact]
    public void What_comes_late_is_out_of_order_and_not_missing()
    {
        Add(1, 1, 2, 5, 4, 6, 3);
        var result = Check()[0];
        Assert.Equal((CheckStatus.Disordered, 0, 2, 0), (result.Status, (int)result.Missing!, (int)result.OutOfOrder!, (int)result.Repeated!));
    }

    [Fact]
    public void What_comes_twice_is_counted()
    {
        Add(1, 1, 2, 3, 2, 3, 4);
        var result = Check()[0];
        Assert.Equal((CheckStatus.Disordered, 2), (result.Status, (int)result.Repeated!));
    }

    [Fact]
    public void A_new_client_of_the_same_process_begins_with_1_again()
    {
        Add(1, 1, 2, 3);
        Add(1, 1, 2);
        var results = Check();
        Assert.Equal(["1..3", "1..2"], results.Take(2).Select(result => $"{result.First}..{result.Last}"));
        Assert.All(results, result => Assert.Equal(CheckStatus.Complete, result.Status));
    }

    [Fact]
    public void Records_that_were_written_twice_from_the_first_on_are_no_new_client()
    {
        Add(1, 1, 2, 3);
        log.Insert(0, log.ToString());
        var result = Check()[0];
        Assert.Equal((CheckStatus.Disordered, 3), (result.Status, (int)result.Repeated!));
    }

    [Fact]
    public void A_log_whose_oldest_files_are_gone_begins_later_and_says_so()
    {
        Add(1, 57, 58);
        var result = Check()[0];
        Assert.Equal(CheckStatus.Complete, result.Status);
        Assert.Contains("57", result.Note);
    }

    [Theory]
    [InlineData("2 records of p1 (pid 1) are missing before its number 5", "Explained")]
    [InlineData("1 records of p1 (pid 1) are missing before its number 5", "Incomplete")]
    [InlineData("2 records of p1 (pid 2) are missing before its number 5", "Incomplete")]
    [InlineData("2 records of category 'Db' were left out: more than 10 came within a second", "Explained")]
    [InlineData("1 records like 'x' were left out: more than 10 came within a second", "Incomplete")]
    public void What_the_log_itself_tells_is_explained(string news, string status)
    {
        Add(1, 1, 2, 5);
        AddOwn(news);
        Assert.Equal(status, Check()[0].Status.ToString());
    }

    [Fact]
    public void What_was_left_out_for_want_of_room_is_told()
    {
        Add(1, 1, 2);
        AddOwn("7 records of p1 (pid 1) were left out because the log was behind");
        var result = Check()[0];
        Assert.Equal((CheckStatus.Explained, 7), (result.Status, (int)result.Told!));
    }

    [Fact]
    public void What_no_listener_took_is_told_though_it_comes_before_the_first_record()
    {
        AddOwn("2 records of p1 (pid 1) are not in the log: no listener took them in time");
        AddOwn("3 records of p7 (pid 7) are not in the log: no listener took them in time");
        Add(1, 1, 2);
        var told = Check().Where(result => result.Told > 0).Select(result => (result.Name, result.Status, result.Told)).ToArray();
        Assert.Equal([("p1", CheckStatus.Explained, 2L), ("p7", CheckStatus.Explained, 3L)], told);
    }

    [Fact]
    public void The_end_of_a_process_that_was_killed_is_known_from_the_log()
    {
        Add(1, 1, 2);
        AddOwn("p1 (pid 1) ended without a goodbye; its last record was number 4, and 2 were recovered from its journal");
        var result = Check()[0];
        Assert.Equal((CheckStatus.Incomplete, "3..4"), (result.Status, result.MissingNumbers[0].ToString()));
    }

    [Fact]
    public void The_listeners_own_records_have_numbers_of_their_own()
    {
        Add(9, 1, 2);
        AddOwn("3 records left by an earlier listener were recovered");
        Add(9, 3);
        AddOwn("p1 (pid 1) ended without a goodbye; its last record was number 4, and 2 were recovered from its journal");
        var results = Check();
        Assert.Equal(["Process p9 3", "Listener p9 2"], results.Take(2).Select(result => $"{result.Subject} {result.Name} {result.Count}"));
        Assert.All(results, result => Assert.Equal(CheckStatus.Complete, result.Status));
    }

    [Fact]
    public void In_Text_the_listeners_records_are_known_by_their_mark()
    {
        Write("run.log", """
            # QueueLog: text {Level} {Process} {Pid} {Sequence} {Message}
            Information p1 9 1 one
            Information p1 9 2 two
            Error p1 9 1 [QueueLog] p1 (pid 7) ended without a goodbye; its last record was number 4, and 2 were recovered from its journal
            Information p1 9 3 three

            """);
        Assert.All(Check(), result => Assert.Equal(CheckStatus.Complete, result.Status));
    }

    [Theory]
    [InlineData("{Process} {Pid} {Sequence} {Message}", "p2", "", "2 records of p1 (pid 9) are missing before its number 4")]
    [InlineData("{Process} {Pid} {Sequence} {Message}", "p2", "", "[QueueLog] 2 records of p1 (pid 9) are missing before its number 4")]
    [InlineData("{Process} {Pid} {Sequence} {Message}", "p2", "", "\\[QueueLog] 2 records of p1 (pid 9) are missing before its number 4")]
    [InlineData("{Process} {Pid} {Sequence} {Message}", "p2 7 1 [QueueLog] 2 records of p1 (pid 9) are missing before its number 4", "", "x")]
    [InlineData("{Pid} {Sequence} {Process}{Message}", "p2[QueueLo", "", "g] 2 records of p1 (pid 9) are missing before its number 4")]
    [InlineData("{Pid} {Sequence} {Process} {Category}: {Message}", "p2", "QueueLog.Listener: 2 records of p1 (pid 9) are missing before its number 4", "x")]
    public void In_Text_nothing_a_client_says_passes_for_the_listeners_word(string template, string process, string category, string message)
    {
        var formatter = RecordFormat.Create(LogFormat.Text, template);
        SampleRecord[] records =
        [
            new() { Process = "p1", Pid = 9, Sequence = 1, Category = "App", Message = "one" },
            new() { Process = process, Pid = 10, Sequence = 1, Category = category, Message = message },
            new() { Process = "p1", Pid = 9, Sequence = 4, Category = "App", Message = "four" },
        ];
        Write("run.log", Encoding.UTF8.GetString(formatter.Lines!.Header) + string.Concat(records.Select(formatter.Format)));
        var results = Check();
        Assert.Equal((CheckStatus.Incomplete, 2L), results.Where(result => result.Pid == 9).Select(result => (result.Status, result.Missing!.Value)).Single());
        Assert.DoesNotContain(results, result => result.Subject == CheckSubject.Listener || result.Told > 0);
    }

    [Fact]
    public void Torn_raw_and_unfinished_lines_are_told_of_each_file()
    {
        Add(1, 1);
        Write("run.log.1", log + "{\"@t\":\"2026-03-04T15\nSegmentation fault\n");
        log.Clear();
        Add(1, 2);
        Write("run.log", log.ToString().TrimEnd('\n'));
        var files = Check().Where(result => result.Subject == CheckSubject.File).ToArray();
        Assert.Equal(["run.log.1 Incomplete 1 1 1 False", "run.log Incomplete 1 0 0 True"], files.Select(file => $"{file.Name} {file.Status} {file.Count} {file.Torn} {file.Raw} {file.IsUnfinished}"));
    }

    [Fact]
    public void A_log_that_shows_no_numbers_is_unchecked_and_says_what_it_takes()
    {
        Write("run.log", LogFixture.Lines(1, 3));
        var result = Check()[0];
        Assert.Equal((CheckStatus.Unchecked, 3L), (result.Status, result.Count));
        Assert.Contains("{Pid} and no {Sequence}", result.Note);
    }

    [Fact]
    public void Any_number_of_holes_takes_bounded_memory()
    {
        Add(1, [.. Enumerable.Range(0, 5000).Select(number => number * 2 + 1)]);
        var result = Check()[0];
        Assert.Equal(4999, result.Missing);
        Assert.Equal(1000, result.MissingNumbers.Count);
    }

    private void Add(int pid, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            AddEntry(pid, number, "", $"record {number}");
        }
    }

    private int ownNumber;

    private void AddOwn(string message) => AddEntry(9, ++ownNumber, ",\"SourceContext\":\"QueueLog.Listener\"", message);

    private void AddEntry(int pid, int number, string category, string message)
    {
        var time = new DateTimeOffset(2026, 3, 4, 15, 0, 0, TimeSpan.FromHours(2)).AddSeconds(++second);
        log.Append(CultureInfo.InvariantCulture, $"{{\"@t\":\"{time:O}\",\"@m\":\"{message}\",\"Process\":\"p{pid}\",\"Pid\":{pid}{category},\"Sequence\":{number}}}\n");
    }

    private CheckResult[] Check()
    {
        if (!File.Exists(folder.Combine("run.log")))
        {
            Write("run.log", log.ToString());
        }

        return [.. new LogCheck(folder.Combine("run.log"), LogFixture.Query()).Run()];
    }

    private void Write(string name, string text) => File.WriteAllText(folder.Combine(name), text);
}
