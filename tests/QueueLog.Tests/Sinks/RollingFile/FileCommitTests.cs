using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

/// <summary>What a dispatcher relies on to commit a batch: the plan, the flush without the last entry, the roll.</summary>
// Entries are the message and a line feed, so a message of nine characters makes ten bytes.
public sealed class FileCommitTests : IDisposable
{
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

    [Fact]
    public void A_roll_is_due_before_the_entry_that_would_make_the_file_too_long()
    {
        using var sink = Open(maxFileSize: 20);
        sink.Write("aaaaaaaaa");
        sink.Write("bbbbbbbbb");
        Assert.False(sink.NeedsRoll);
        sink.Write("ccccccccc");
        Assert.True(sink.NeedsRoll);

        sink.Flush(withoutLast: true);
        Assert.Equal("aaaaaaaaa\nbbbbbbbbb\n", folder.Read("run.log"));
        Assert.True(sink.NeedsRoll);
        sink.Roll();
        Assert.False(sink.NeedsRoll);
        Assert.Equal(["run.log", "run.log.1"], folder.FilesIn());
        sink.Flush();

        Assert.Equal("ccccccccc\n", folder.Read("run.log"));
        Assert.Equal("aaaaaaaaa\nbbbbbbbbb\n", folder.Read("run.log.1"));
    }

    [Fact]
    public void An_entry_too_long_for_any_file_begins_one_only_where_there_is_something_before_it()
    {
        using var sink = Open(maxFileSize: 5);

        sink.Write("aaaaaaaaa");
        Assert.False(sink.NeedsRoll);
        sink.Write("b");
        Assert.True(sink.NeedsRoll);
    }

    [Fact]
    public void A_roll_before_everything_has_been_flushed_does_not_happen()
    {
        using var sink = Open(maxFileSize: 20);
        sink.Write("aaaaaaaaa");
        sink.Flush();
        sink.Write("bbbbbbbbb");
        sink.Write("ccccccccc");

        sink.Roll();

        Assert.True(sink.NeedsRoll);
        Assert.Equal(["run.log"], folder.FilesIn());
    }

    [Fact]
    public void A_roll_that_could_not_be_done_in_time_is_due_before_the_next_entry_instead()
    {
        using var sink = Open(maxFileSize: 20);
        foreach (var c in "abcd")
        {
            sink.Write(new string(c, 9));
        }

        Assert.True(sink.NeedsRoll);
        sink.Flush(withoutLast: true);
        sink.Roll();
        sink.Flush();

        Assert.Equal("aaaaaaaaa\nbbbbbbbbb\nccccccccc\n", folder.Read("run.log.1"));
        Assert.Equal("ddddddddd\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_roll_that_failed_is_not_due_again_before_the_batch_is_over()
    {
        using var sink = Open(maxFileSize: 1);
        Directory.CreateDirectory(folder.Combine("run.log.1"));
        sink.Deliver("1");
        sink.Deliver("2");

        sink.Write("3");
        Assert.False(sink.NeedsRoll);
        sink.Flush();
        sink.Write("4");

        Assert.True(sink.NeedsRoll);
    }

    [Fact]
    public void A_file_replaced_by_a_shorter_one_since_is_not_rolled()
    {
        using var sink = Open(maxFileSize: 20);
        sink.Write("aaaaaaaaa");
        sink.Write("bbbbbbbbb");
        sink.Flush();
        sink.Write("ccccccccc");
        Assert.True(sink.NeedsRoll);
        File.Move(Log, folder.Combine("moved"));
        File.WriteAllText(Log, "123\n");

        sink.Roll();
        sink.Flush();

        Assert.Equal(["moved", "run.log"], folder.FilesIn());
        Assert.Equal("123\nccccccccc\n", folder.Read("run.log"));
    }

    [Fact]
    public void Nothing_pending_plans_nothing()
    {
        using var sink = Open();
        sink.Plan(plan, withoutLast: false);
        sink.Write("only");
        sink.Plan(plan, withoutLast: true);
        Assert.Empty(plan);
    }

    [Fact]
    public void The_plan_of_a_file_that_was_taken_away_is_that_of_the_new_one_and_creates_it()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open();
        sink.Write("old");
        sink.Flush();
        File.Delete(Log);
        sink.Write("new");

        sink.Plan(plan, withoutLast: false);

        Assert.Equal([new PlannedAppend(Log, 0, 4)], plan);
        Assert.True(File.Exists(Log));
    }

    [Fact]
    public void The_plan_fails_as_the_flush_would()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open();
        File.Delete(Log);
        Directory.CreateDirectory(Log);
        sink.Write("one");

        Assert.Equal(LogFileFault.IsFolder, Assert.Throws<LogFileException>(() => sink.Plan(plan, withoutLast: false)).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_plan_tells_exactly_what_the_flush_appends_and_files_are_cut_at_entries_only(int seed)
    {
        const int MaxFileSize = 200;
        var random = new Random(seed);
        var written = new List<string>();
        using (var sink = Open(MaxFileSize, maxFiles: 1000))
        {
            for (var i = 0; i < 300; i++)
            {
                var message = $"{i}:{new string('x', random.Next(random.Next(10) == 0 ? 300 : 60))}";
                written.Add(message);
                sink.Write(message);
                if (sink.NeedsRoll)
                {
                    Commit(sink, withoutLast: true);
                    sink.Roll();
                }

                switch (random.Next(12))
                {
                    case 0 or 1 or 2:
                        Commit(sink, withoutLast: false);
                        break;
                    case 3:
                        Commit(sink, withoutLast: true);
                        break;
                    case 4 when File.Exists(Log):
                        sink.Sync();
                        break;
                }
            }

            Commit(sink, withoutLast: false);
        }

        var files = folder.FilesIn().OrderByDescending(name => int.TryParse(name["run.log".Length..].TrimStart('.'), out var number) ? number : 0).ToList();
        Assert.True(files.Count > 10);
        Assert.Equal(written, files.SelectMany(name => folder.ReadLines(name)));
        Assert.All(files, name => Assert.True(folder.Read(name).Length <= MaxFileSize || folder.ReadLines(name).Length == 1));

        // A file was rolled only where its successor's first entry did not fit.
        Assert.All(files.Zip(files.Skip(1)), pair => Assert.True(folder.Read(pair.First).Length + folder.ReadLines(pair.Second)[0].Length + 1 > MaxFileSize));
    }

    [Fact]
    public void An_append_that_fails_halfway_leaves_the_file_as_it_was()
    {
        using var disk = new SmallDisk();
        using var sink = OpenAt(disk.Combine("run.log"));
        sink.Write("before");
        sink.Flush();
        disk.Fill(leave: 4096);
        var first = new string('1', 3000);
        var second = new string('2', 9000);
        sink.Write(first);
        sink.Write(second);

        var exception = Assert.ThrowsAny<IOException>(sink.Flush);
        Assert.True(DiskFull.Is(exception));
        Assert.Equal(["before"], disk.ReadLines("run.log"));

        // What is left fits in part: that part goes out whole, and the rest stays.
        sink.Flush(withoutLast: true);
        Assert.Equal(["before", first], disk.ReadLines("run.log"));
        Assert.ThrowsAny<IOException>(sink.Flush);
        Assert.Equal(["before", first], disk.ReadLines("run.log"));

        disk.MakeRoom();
        sink.Plan(plan, withoutLast: false);
        sink.Flush();
        Assert.Equal([new PlannedAppend(RealPath.Of(disk.Combine("run.log")), 7 + 3001, 9001)], plan);
        Assert.Equal(["before", first, second], disk.ReadLines("run.log"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sync_can_be_asked_for_at_any_time(bool fromTheStart)
    {
        using var sink = OpenAt(folder.Combine("a", "b", "run.log"), maxFileSize: 1);
        if (fromTheStart)
        {
            sink.Sync();
        }

        sink.Write("1");
        sink.Sync();
        sink.Deliver("2");
        sink.Sync();
        sink.Deliver("3");
        sink.Flush();
        sink.Sync();
        File.Delete(folder.Combine("a", "b", "run.log"));
        sink.Deliver("4");
        sink.Flush();
        sink.Sync();

        Assert.Equal("4\n", folder.Read("a", "b", "run.log"));
    }

    private void Commit(RollingFileSink sink, bool withoutLast)
    {
        plan.Clear();
        sink.Plan(plan, withoutLast);
        var before = Contents();
        sink.Flush(withoutLast);
        var after = Contents();
        if (plan.Count == 0)
        {
            Assert.Equal(before, after);
            return;
        }

        var (path, length, bytes) = Assert.Single(plan);
        Assert.Equal(Log, path);
        Assert.Equal(length, Encoding.UTF8.GetByteCount(before));
        Assert.Equal(length + bytes, Encoding.UTF8.GetByteCount(after));
        Assert.StartsWith(before, after);
        Assert.EndsWith("\n", after);
    }

    private string Contents() => File.Exists(Log) ? folder.Read("run.log") : "";

    private RollingFileSink Open(long? maxFileSize = null, int maxFiles = 5) => OpenAt(Log, maxFileSize, maxFiles);

    private RollingFileSink OpenAt(string path, long? maxFileSize = null, int maxFiles = 5) => new(
        new RollingFileOptions { Path = path, MaxFileSize = maxFileSize, MaxFiles = maxFiles },
        new TemplateFormatter("{Message}"),
        new FileLockScope(state.Path, "pipe"),
        failures);
}
