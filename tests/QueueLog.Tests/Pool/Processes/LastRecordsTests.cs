using QueueLog.Client;
using QueueLog.Pool.Processes;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

public sealed class LastRecordsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LastRecords board;
    private readonly string address;

    public LastRecordsTests()
    {
        // On Windows the file lies in the state folder, under the name of the pipe.
        address = OperatingSystem.IsWindows() ? @"\\.\pipe\" + TestListener.NewName() : folder.Combine("pool");
        board = LastRecords.Create(address, 1);
    }

    public void Dispose()
    {
        board.Dispose();
        Assert.False(File.Exists(LastRecords.PathFor(address, 1)));
        folder.Dispose();
    }

    [Fact]
    public void The_last_ten_are_kept_in_their_order()
    {
        using var worker = LastRecords.Open(address, 1);
        for (var i = 1; i <= 35; i++)
        {
            worker.Note(Encode($"line {i}"));
        }

        Assert.Equal(Enumerable.Range(26, 10).Select(i => $"Warning line {i}"), board.Read());
        board.Clear();
        Assert.Empty(board.Read());
    }

    [Fact]
    public void A_long_record_is_cut_and_one_of_several_lines_is_one_line()
    {
        board.Note(Encode(new string('ä', 5000)));
        board.Note(Encode("a\r\nb\tc"));
        Assert.Equal(["Warning " + new string('ä', 200) + "…", "Warning a  b c"], board.Read());
    }

    [Fact]
    public void What_is_no_record_is_no_line()
    {
        board.Note([1, 2, 3]);
        board.Note(Encode("good"));
        Assert.Equal(["Warning good"], board.Read());
    }

    [Fact]
    public void Several_threads_leave_ten_whole_lines()
    {
        Parallel.For(0, 1000, i => board.Note(Encode(new string((char)('a' + (i % 26)), 100))));
        var lines = board.Read();
        Assert.Equal(10, lines.Length);
        Assert.All(lines, line => Assert.Single(line["Warning ".Length..].Distinct()));
    }

    private static byte[] Encode(string message) =>
        RecordEncoder.Encode(new LogRecord { Level = LogLevel.Warning, Message = message, Item = 3, Category = "c" }, LocalClock.Default).Written.ToArray();
}
