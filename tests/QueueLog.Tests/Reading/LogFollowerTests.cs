using CsCheck;
using QueueLog.Reading;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

public sealed class LogFollowerTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<string> read = [];
    private int written;

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_record_comes_once_over_any_rolls_whenever_it_is_looked() =>
        Gen.Int[0, 9].Array[1, 40].Sample(
            deeds =>
            {
                foreach (var file in Directory.GetFiles(folder.Path))
                {
                    File.Delete(file);
                }

                written = 0;
                read.Clear();
                using var follower = new LogFollower(Log, LogFixture.Query());
                read.AddRange(follower.ReadPresent().Select(entry => entry.Message));
                foreach (var deed in deeds)
                {
                    Do(deed, follower);
                }

                Finish(follower);
                Assert.Equal(LogFixture.Records(1, written), read);
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void A_log_with_dates_in_the_names_of_its_files_is_followed_from_one_to_the_next()
    {
        File.WriteAllText(folder.Combine("run-20261125.log"), LogFixture.Lines(1, 1));
        using var follower = Follow();
        File.AppendAllText(folder.Combine("run-20261125.log"), LogFixture.Lines(2, 1));
        Poll(follower);
        File.AppendAllText(folder.Combine("run-20261125.log"), LogFixture.Lines(3, 1));
        File.WriteAllText(folder.Combine("run-20261126.log"), LogFixture.Lines(4, 1));
        Poll(follower);
        File.AppendAllText(folder.Combine("run-20261126.log"), LogFixture.Lines(5, 1));
        Poll(follower);
        Poll(follower);
        Assert.Equal(LogFixture.Records(1, 5), read);
    }

    [Fact]
    public void A_growing_file_tells_its_format_when_it_can()
    {
        File.WriteAllText(Log, "");
        using var follower = Follow();
        File.AppendAllText(Log, "Starting the application\n");
        Poll(follower);
        Poll(follower);
        File.AppendAllText(Log, "{\"level\":\"error\",\"msg\":\"no luck\"}\n");
        Poll(follower);
        Assert.Equal(["Starting the application", "no luck"], read);
    }

    [Fact]
    public void What_is_new_is_told_from_the_last_line_also_where_returns_end_lines()
    {
        File.WriteAllText(Log, "one\rtwo\r");
        using var follower = new LogFollower(Log, LogFixture.Query(new LogQuery { Tail = 0 }));
        Assert.Empty(follower.ReadPresent());
        File.AppendAllText(Log, "three\r");
        Poll(follower);
        File.AppendAllText(Log, "four\r");
        Poll(follower);
        Poll(follower);
        Assert.Equal("three", read[0]);
    }

    [Fact]
    public void An_entry_that_is_still_being_written_waits_until_it_is_whole()
    {
        File.WriteAllText(Log, LogFixture.Line(1, "one"));
        using var follower = Follow();
        Assert.Empty(read);
        Poll(follower);
        Assert.Equal(["one"], read);
        File.AppendAllText(Log, LogFixture.Line(2, "two")[..^2]);
        Poll(follower);
        Poll(follower);
        Assert.Equal(["one"], read);
        File.AppendAllText(Log, "o\n");
        Poll(follower);
        File.AppendAllText(Log, "    more of two\n" + LogFixture.Line(3, "three"));
        Poll(follower);
        Poll(follower);
        Assert.Equal(["one", "two\nmore of two", "three"], read);
    }

    [Fact]
    public void A_file_that_is_emptied_begins_anew_even_when_it_is_longer_than_before()
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 3));
        using var follower = Follow();
        Poll(follower);
        Rewrite(LogFixture.Lines(10, 1));
        Poll(follower);
        Poll(follower);
        Rewrite(LogFixture.Lines(20, 6));
        Poll(follower);
        Poll(follower);
        Assert.Equal(LogFixture.Records(1, 3).Concat(LogFixture.Records(10, 1)).Concat(LogFixture.Records(20, 6)), read);
    }

    [Fact]
    public void Another_file_in_its_place_is_read_from_its_beginning_in_its_own_format()
    {
        File.WriteAllText(Log, LogFixture.Lines(1, 1));
        using var follower = Follow();
        File.Delete(Log);
        Poll(follower);
        File.WriteAllText(Log, "# QueueLog: text {Level} {Message}\nError two\n");
        Poll(follower);
        Poll(follower);
        Assert.Equal(["record 1", "two"], read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(50)]
    public void With_a_tail_the_last_come_and_then_what_is_new(int tail)
    {
        File.WriteAllText(folder.Combine("run.log.1"), LogFixture.Lines(1, 5));
        File.WriteAllText(Log, LogFixture.Lines(6, 5));
        using var follower = new LogFollower(Log, LogFixture.Query(new LogQuery { Tail = tail }));
        read.AddRange(follower.ReadPresent().Select(entry => entry.Message));
        Assert.Equal(LogFixture.Records(1, 10).TakeLast(tail), read);
        File.AppendAllText(Log, LogFixture.Lines(11, 2));
        File.Move(folder.Combine("run.log.1"), folder.Combine("run.log.2"));
        File.Move(Log, folder.Combine("run.log.1"));
        File.WriteAllText(Log, LogFixture.Lines(13, 1));
        Poll(follower);
        Poll(follower);
        Assert.Equal(LogFixture.Records(1, 13).TakeLast(tail + 3), read);
    }

    [Fact]
    public void What_a_time_leaves_out_is_that_of_the_last_write_as_the_file_grows()
    {
        File.WriteAllText(Log, "# QueueLog: text {Timestamp:MMM d HH:mm:ss} {Message}\nDec 31 23:59:59 old\n");
        File.SetLastWriteTimeUtc(Log, new DateTime(2025, 12, 31, 22, 0, 0, DateTimeKind.Utc));
        using var follower = new LogFollower(Log, LogFixture.Query());
        List<LogEntry> entries = [.. follower.ReadPresent(), .. follower.Poll()];
        File.AppendAllText(Log, "Jan  1 00:00:01 new\n");
        File.SetLastWriteTimeUtc(Log, new DateTime(2025, 12, 31, 22, 0, 2, DateTimeKind.Utc));
        entries.AddRange([.. follower.Poll(), .. follower.Poll()]);
        Assert.Equal([2025, 2026], entries.Select(entry => entry.Timestamp!.Value.Year));
    }

    [Fact]
    public void A_log_that_is_not_there_yet_is_waited_for()
    {
        using var follower = Follow();
        Poll(follower);
        File.WriteAllText(Log, LogFixture.Lines(1, 2));
        Poll(follower);
        Poll(follower);
        Assert.Equal(LogFixture.Records(1, 2), read);
    }

    private LogFollower Follow()
    {
        var follower = new LogFollower(Log, LogFixture.Query());
        read.AddRange(follower.ReadPresent().Select(entry => entry.Message));
        return follower;
    }

    private void Poll(LogFollower follower) => read.AddRange(follower.Poll().Select(entry => entry.Message));

    private void Finish(LogFollower follower)
    {
        for (var i = 0; i < 3; i++)
        {
            Poll(follower);
        }
    }

    private void Do(int deed, LogFollower follower)
    {
        switch (deed)
        {
            case < 4:
                File.AppendAllText(Log, LogFixture.Lines(written + 1, deed + 1));
                written += deed + 1;
                break;
            case 4 or 5:
                Roll(between: () => { });
                break;
            case 6:
                // Looked at in the very moment when there is no current file.
                Roll(between: () => Poll(follower));
                break;
            case 7:
                CompressOne();
                break;
            default:
                Poll(follower);
                break;
        }
    }

    private void Roll(Action between)
    {
        if (!File.Exists(Log))
        {
            return;
        }

        for (var number = 20; number >= 1; number--)
        {
            foreach (var ending in new[] { "", ".gz" })
            {
                if (File.Exists($"{Log}.{number}{ending}"))
                {
                    File.Move($"{Log}.{number}{ending}", $"{Log}.{number + 1}{ending}");
                }
            }
        }

        File.Move(Log, $"{Log}.1");
        between();
    }

    private void CompressOne()
    {
        var oldest = Enumerable.Range(1, 21).Select(number => $"{Log}.{number}").LastOrDefault(File.Exists);
        if (oldest is not null)
        {
            File.WriteAllBytes(oldest + ".gz", LogFixture.Compress(File.ReadAllText(oldest)));
            File.Delete(oldest);
        }
    }

    private void Rewrite(string text)
    {
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
