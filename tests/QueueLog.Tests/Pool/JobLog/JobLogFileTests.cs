using System.Text;
using QueueLog.Pool.JobLog;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.JobLog;

public sealed class JobLogFileTests : IDisposable
{
    private static readonly InputHash Hash = InputHasher.Of("\u0002input"u8);

    private readonly TempFolder folder = new();

    private string LogPath => folder.Combine("items.json");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Completed", true, true)]
    [InlineData("Failed", true, false)]
    [InlineData("TimedOut", true, false)]
    [InlineData("Crashed", true, false)]
    [InlineData("Stopped", false, false)]
    [InlineData("Skipped", false, false)]
    [InlineData("Unknown", false, false)]
    public void Finished_and_completed_are_told_apart(string status, bool isFinished, bool isCompleted)
    {
        var history = HistoryOf(Line(1, status));
        Assert.Equal(isFinished, history.Has(new InputKey(Hash, 1), mustBeCompleted: false));
        Assert.Equal(isCompleted, history.Has(new InputKey(Hash, 1), mustBeCompleted: true));
    }

    [Fact]
    public void The_last_line_of_an_item_counts()
    {
        Assert.True(HistoryOf(Line(1, "Failed") + Line(1, "Completed")).Has(new InputKey(Hash, 1), mustBeCompleted: true));
        Assert.False(HistoryOf(Line(1, "Completed") + Line(1, "Failed")).Has(new InputKey(Hash, 1), mustBeCompleted: true));
    }

    [Fact]
    public void Equal_inputs_are_told_apart_by_their_number()
    {
        var keys = new InputKeys();
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => keys.Next(Hash).Number));
        var history = HistoryOf(Line(2, "Completed"));
        Assert.Equal([false, true, false], Enumerable.Range(1, 3).Select(number => history.Has(new InputKey(Hash, number), mustBeCompleted: true)));
    }

    [Fact]
    public void A_line_torn_at_any_byte_is_passed_over()
    {
        var whole = Line(1, "Completed");
        for (var length = 0; length < whole.Length - 1; length++)
        {
            var history = HistoryOf(whole[..length] + "\n" + Line(2, "Completed"));
            Assert.False(history.Has(new InputKey(Hash, 1), mustBeCompleted: false), whole[..length]);
            Assert.True(history.Has(new InputKey(Hash, 2), mustBeCompleted: false), whole[..length]);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"Key":7,"Status":"Completed"}""")]
    [InlineData("""{"Key":"short#1","Status":"Completed"}""")]
    [InlineData("\0\0\0")]
    public void What_is_no_line_of_a_job_log_is_passed_over(string line) =>
        Assert.True(HistoryOf(line + "\n" + Line(1, "Completed")).Has(new InputKey(Hash, 1), mustBeCompleted: true));

    [Fact]
    public void After_a_torn_line_the_next_stands_on_a_line_of_its_own()
    {
        File.WriteAllText(LogPath, Line(1, "Completed") + "{\"Key\":\"ab");
        using (var file = JobLogFile.Open(LogPath, readsHistory: true))
        {
            Assert.True(file.History.Has(new InputKey(Hash, 1), mustBeCompleted: true));
            file.Append(Encoding.UTF8.GetBytes(Line(2, "Completed")));
            file.Append(Encoding.UTF8.GetBytes(Line(3, "Completed")));
        }

        Assert.Equal([Line(1, "Completed"), "{\"Key\":\"ab\n", Line(2, "Completed"), Line(3, "Completed")], folder.ReadLines("items.json").Select(line => line + "\n"));
        using var again = JobLogFile.Open(LogPath, readsHistory: true);
        Assert.All([1, 2, 3], number => Assert.True(again.History.Has(new InputKey(Hash, number), mustBeCompleted: true)));
    }

    [Fact]
    public void It_is_one_runs_at_a_time_under_whatever_name()
    {
        using var file = JobLogFile.Open(LogPath, readsHistory: false);
        var error = Assert.Throws<LogFileInUseException>(() => JobLogFile.Open(folder.Combine(".", "items.json"), readsHistory: true));
        Assert.Equal(Environment.ProcessId, error.OwnerPid);
        file.Dispose();
        JobLogFile.Open(LogPath, readsHistory: false).Dispose();
    }

    [Fact]
    public void It_can_be_read_while_it_is_written()
    {
        using var file = JobLogFile.Open(LogPath, readsHistory: false);
        file.Append("x\n"u8);
        Assert.Equal("x\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void A_key_is_read_as_it_was_written_and_nothing_else_is()
    {
        var key = new InputKey(Hash, 12);
        Assert.Equal(key, InputKey.Parse(key.ToString()));
        Assert.Null(InputKey.Parse($"{Hash}"));
        Assert.Null(InputKey.Parse($"{Hash}#"));
        Assert.Null(InputKey.Parse($"{Hash}#-1"));
        Assert.Null(InputKey.Parse($"z{Hash.ToString()[1..]}#1"));
    }

    private static string Line(int number, string status) => $"{{\"Key\":\"{new InputKey(Hash, number)}\",\"Status\":\"{status}\",\"Output\":[\"}}{{\"]}}\n";

    private static JobLogHistory HistoryOf(string text) => JobLogHistory.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
