using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class TokenFileSinkTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();

    public void Dispose()
    {
        folder.Dispose();
        state.Dispose();
    }

    [Fact]
    public void Every_record_goes_to_the_file_its_values_name()
    {
        using var sink = Open("{Process}.log");

        sink.Write(Some.Record("1", process: "A"));
        sink.Write(Some.Record("2", process: "B"));
        sink.Write(Some.Record("3", process: "A"));
        sink.Flush();

        Assert.Equal(["A.log", "B.log"], folder.FilesIn());
        Assert.Equal("1\n3\n", folder.Read("A.log"));
        Assert.Equal("2\n", folder.Read("B.log"));
    }

    [Fact]
    public void All_tokens_of_a_path_are_filled_in_and_folders_created()
    {
        using var sink = Open("{{x}}", "{Category}", "{Worker}-{process}-{Pid}-{Level}-{Host}.log");

        sink.Write(new SampleRecord { Category = "a/../b", Worker = "", Process = "P", Pid = 7, Level = LogLevel.Error });
        sink.Flush();

        Assert.Equal([$"_-P-7-Error-{Environment.MachineName}.log"], folder.FilesIn(Path.Combine("{x}", "a____b")));
    }

    [Theory]
    [InlineData("{Message}.log", 0)]
    [InlineData("x{Item}.log", 1)]
    [InlineData("{Timestamp:yyyy}.log", 0)]
    [InlineData("{Process,-10}.log", 0)]
    [InlineData("{Level:u3}.log", 0)]
    [InlineData("a{Customer}.log", 1)]
    public void A_token_no_path_can_have_is_refused_with_those_it_can(string path, int position)
    {
        var options = new RollingFileOptions { Path = path };

        var exception = Assert.Throws<TemplateException>(() => new TokenFileSink(options, new TemplateFormatter("{Message}"), Locks(), failures));

        Assert.Equal(position, exception.Position);
        Assert.Contains("{Process}, {Pid}, {Worker}, {Category}, {Level} and {Host}", exception.Message);
    }

    [Theory]
    [InlineData("{Category}", "app.1", "app_1")]
    [InlineData("{Category}", "app.12.gz", "app_12.gz")]
    [InlineData("{Category}", "app.2026-11-29", "app_2026-11-29")]
    [InlineData("{Category}", "app.2026-W48.3", "app.2026-W48_3")]
    [InlineData("{Category}", "app.1.2", "app.1_2")]
    [InlineData("{Category}", "app.queuelog-gz", "app_queuelog-gz")]
    [InlineData("{Category}", "app.queuelog-new", "app_queuelog-new")]
    [InlineData("{Category}", "app.01", "app.01")]
    [InlineData("{Category}", "app.txt", "app.txt")]
    [InlineData("{Category}.log", "app.log.1", "app.log.1.log")]
    [InlineData("{Process}.{Pid}", "", "P.7")]
    [InlineData("{Category}.{Pid}", "a.5", "a.5_7")]
    [InlineData("run-{Category}", "x.1", "run-x_1")]
    public void No_value_gives_a_log_the_name_of_an_old_file_of_another(string path, string category, string name)
    {
        using var sink = Open(path);
        sink.Write(new SampleRecord { Category = category, Process = "P", Pid = 7 });
        sink.Flush();
        Assert.Equal([name], folder.FilesIn());
    }

    [Fact]
    public void Whatever_the_values_are_no_log_is_rolled_or_deleted_as_an_old_file_of_another()
    {
        using var sink = Open(Options("{Category}") with { MaxFileSize = 20_000, MaxFiles = 2 });
        foreach (var category in new[] { "app.1", "app.2", "app.3" })
        {
            for (var i = 1; i <= 100; i++)
            {
                sink.Deliver(new SampleRecord { Message = $"{category} {i}", Category = category });
            }
        }

        for (var i = 1; i <= 1500; i++)
        {
            sink.Deliver(new SampleRecord { Message = new string('x', 100), Category = "app" });
        }

        sink.Flush();
        foreach (var category in new[] { "app.1", "app.2", "app.3" })
        {
            Assert.Equal(Enumerable.Range(1, 100).Select(i => $"{category} {i}"), folder.ReadLines(category.Replace('.', '_')));
        }

        Assert.Equal(["app", "app.1", "app.2", "app_1", "app_2", "app_3"], folder.FilesIn());
    }

    [Fact]
    public void Every_file_rolls_by_itself()
    {
        using var sink = Open(Options("{Process}.log") with { MaxFileSize = 4 });

        sink.Deliver(Some.Record("A1", process: "A"));
        sink.Deliver(Some.Record("B1", process: "B"));
        sink.Deliver(Some.Record("A2", process: "A"));
        sink.Flush();

        Assert.Equal(["A.log", "A.log.1", "B.log"], folder.FilesIn());
        Assert.Equal("A1\n", folder.Read("A.log.1"));
        Assert.Equal("A2\n", folder.Read("A.log"));
        Assert.Equal("B1\n", folder.Read("B.log"));
    }

    [Fact]
    public void The_least_recently_used_file_is_closed_when_there_are_too_many_and_opened_again_on_demand()
    {
        File.WriteAllText(folder.Combine("A.log"), "of a former run\n");
        using var sink = Open(Options("{Process}.log") with { MaxOpenFiles = 2, Overwrite = true });

        sink.Write(Some.Record("1", process: "A"));
        sink.Write(Some.Record("2", process: "B"));
        sink.Write(Some.Record("3", process: "A"));
        sink.Flush();
        sink.Write(Some.Record("4", process: "C"));
        Assert.Equal(2, sink.OpenFiles);
        Assert.Equal("2\n", folder.Read("B.log"));
        Assert.True(IsLocked("A.log"));
        Assert.False(IsLocked("B.log"));
        sink.Write(Some.Record("5", process: "B"));
        sink.Write(Some.Record("6", process: "A"));
        sink.Flush();

        Assert.Equal(2, sink.OpenFiles);
        Assert.Equal("1\n3\n6\n", folder.Read("A.log"));
        Assert.Equal("2\n5\n", folder.Read("B.log"));
        Assert.Equal("4\n", folder.Read("C.log"));
    }

    [Fact]
    public void A_file_with_something_to_be_flushed_is_closed_only_after_its_flush()
    {
        using var sink = Open(Options("{Process}.log") with { MaxOpenFiles = 2 });

        foreach (var process in "ABC")
        {
            sink.Write(Some.Record("1", process: $"{process}"));
        }

        Assert.Equal(3, sink.OpenFiles);
        Assert.Equal("", folder.Read("A.log"));
        sink.Flush(withoutLast: true);
        Assert.Equal(2, sink.OpenFiles);
        Assert.False(IsLocked("A.log"));
        Assert.Equal("1\n", folder.Read("A.log"));
        Assert.Equal("", folder.Read("C.log"));
        sink.Flush();
        Assert.Equal("1\n", folder.Read("C.log"));
    }

    [Fact]
    public void A_flush_is_asked_for_when_twice_as_many_files_are_open_as_may_stay_so()
    {
        using var sink = Open(Options("{Process}.log") with { MaxOpenFiles = 2 });

        var asked = new List<int>();
        for (var i = 1; i <= 10; i++)
        {
            sink.Write(Some.Record("1", process: $"P{i}"));
            if (sink.NeedsRoll)
            {
                asked.Add(i);
                sink.Flush(withoutLast: true);
                sink.Roll();
                Assert.False(sink.NeedsRoll);
                Assert.Equal(2, sink.OpenFiles);
            }
        }

        sink.Flush();
        Assert.Equal([5, 9], asked);
        Assert.Equal(10, folder.FilesIn().Count(name => folder.Read(name) == "1\n"));
    }

    [Fact]
    public void Only_the_file_of_the_last_record_keeps_it_back()
    {
        using var sink = Open("{Process}.log");

        sink.Write(Some.Record("1", process: "A"));
        sink.Write(Some.Record("2", process: "A"));
        sink.Write(Some.Record("3", process: "B"));
        sink.Write(Some.Record("4", process: "B"));
        sink.Flush(withoutLast: true);

        Assert.Equal("1\n2\n", folder.Read("A.log"));
        Assert.Equal("3\n", folder.Read("B.log"));
    }

    [Fact]
    public void When_the_last_record_was_refused_nothing_is_kept_back()
    {
        Directory.CreateDirectory(folder.Combine("bad.log"));
        using var sink = Open("{Process}.log");
        sink.Write(Some.Record("1", process: "A"));
        Assert.Throws<LogFileException>(() => sink.Write(Some.Record("2", process: "bad")));

        sink.Flush(withoutLast: true);

        Assert.Equal("1\n", folder.Read("A.log"));
    }

    [Fact]
    public void The_plan_names_every_file_that_will_grow_and_by_how_much()
    {
        File.WriteAllText(folder.Combine("A.log"), "old\n");
        using var sink = Open("{Process}.log");
        sink.Write(Some.Record("idle", process: "idle"));
        sink.Flush();
        sink.Write(Some.Record("1", process: "A"));
        sink.Write(Some.Record("22", process: "B"));
        sink.Write(Some.Record("333", process: "B"));
        var plan = new List<PlannedAppend>();

        sink.Plan(plan, withoutLast: true);
        Assert.Equal([new PlannedAppend(RealPath.Of(folder.Combine("A.log")), 4, 2), new PlannedAppend(RealPath.Of(folder.Combine("B.log")), 0, 3)], plan);

        plan.Clear();
        sink.Plan(plan, withoutLast: false);
        Assert.Equal([new PlannedAppend(RealPath.Of(folder.Combine("A.log")), 4, 2), new PlannedAppend(RealPath.Of(folder.Combine("B.log")), 0, 7)], plan);
    }

    [Fact]
    public void A_flush_that_fails_for_one_file_leaves_just_that_one_to_the_next_plan()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open("{Process}.log");
        sink.Write(Some.Record("1", process: "bad"));
        sink.Write(Some.Record("2", process: "good"));
        File.Delete(folder.Combine("bad.log"));
        Directory.CreateDirectory(folder.Combine("bad.log"));
        var plan = new List<PlannedAppend>();
        Assert.Throws<LogFileException>(() => sink.Plan(plan, withoutLast: false));
        Assert.Throws<LogFileException>(sink.Flush);
        Directory.Delete(folder.Combine("bad.log"));

        plan.Clear();
        sink.Plan(plan, withoutLast: false);

        Assert.Equal([new PlannedAppend(RealPath.Of(folder.Combine("bad.log")), 0, 2)], plan);
    }

    [Fact]
    public void Everything_can_be_synced_also_what_is_closed_at_once()
    {
        using var sink = Open(Options("a", "{Process}.log") with { MaxOpenFiles = 1 });
        sink.Sync();
        foreach (var process in "ABC")
        {
            sink.Write(Some.Record("1", process: $"{process}"));
        }

        sink.Flush();
        sink.Sync();

        Assert.Equal(1, sink.OpenFiles);
        Assert.Equal(["A.log", "B.log", "C.log"], folder.FilesIn("a"));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_does_not_disturb_the_others()
    {
        Directory.CreateDirectory(folder.Combine("bad.log"));
        using var sink = Open("{Process}.log");

        sink.Write(Some.Record("1", process: "good"));
        Assert.Throws<LogFileException>(() => sink.Write(Some.Record("2", process: "bad")));
        sink.Write(Some.Record("3", process: "good"));
        Directory.Delete(folder.Combine("bad.log"));
        // Not tried again within the batch ...
        var exception = Assert.Throws<LogFileException>(() => sink.Write(Some.Record("4", process: "bad")));
        Assert.Equal(LogFileFault.IsFolder, exception.Reason);
        sink.Flush();
        // ... but after it.
        sink.Write(Some.Record("5", process: "bad"));
        sink.Flush();

        Assert.Equal("1\n3\n", folder.Read("good.log"));
        Assert.Equal("5\n", folder.Read("bad.log"));
    }

    [Fact]
    public void A_file_that_cannot_be_flushed_does_not_keep_the_others_from_it()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open("{Process}.log");
        sink.Write(Some.Record("1", process: "bad"));
        sink.Write(Some.Record("2", process: "good"));
        File.Delete(folder.Combine("bad.log"));
        Directory.CreateDirectory(folder.Combine("bad.log"));

        Assert.Throws<LogFileException>(sink.Flush);
        Assert.Equal("2\n", folder.Read("good.log"));

        Directory.Delete(folder.Combine("bad.log"));
        sink.Flush();
        Assert.Equal("1\n", folder.Read("bad.log"));
    }

    [Fact]
    public void Values_that_make_the_same_name_share_the_file()
    {
        using var sink = Open("{Process}.log");

        sink.Write(Some.Record("1", process: "a/b"));
        sink.Write(Some.Record("2", process: "a:b"));
        sink.Flush();

        Assert.Equal("1\n2\n", folder.Read("a_b.log"));
    }

    [Fact]
    public void Finding_an_open_file_allocates_nothing()
    {
        using var sink = Open("{Category}", "{Process}-{Pid}-{Level}.log");
        var a = new SampleRecord { Category = "C:/x", Process = "A" }.View;
        var b = new SampleRecord { Category = "Größe", Process = "B" }.View;
        Run(sink, in a, in b);

        Assert.Equal(0, Run(sink, in a, in b));
    }

    private static long Run(TokenFileSink sink, in RecordView a, in RecordView b)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            sink.Write(in a);
            sink.Write(in b);
        }

        var after = GC.GetAllocatedBytesForCurrentThread();
        sink.Flush();
        return after - before;
    }

    private bool IsLocked(string name)
    {
        try
        {
            FileLock.Acquire(RealPath.Of(folder.Combine(name)), Locks()).Dispose();
            return false;
        }
        catch (LogFileInUseException)
        {
            return true;
        }
    }

    private FileLockScope Locks() => new(state.Path, "pipe");

    private RollingFileOptions Options(params string[] names) => new() { Path = folder.Combine(names) };

    private TokenFileSink Open(params string[] names) => Open(Options(names));

    private TokenFileSink Open(RollingFileOptions options) => new(options, new TemplateFormatter("{Message}"), Locks(), failures);
}
