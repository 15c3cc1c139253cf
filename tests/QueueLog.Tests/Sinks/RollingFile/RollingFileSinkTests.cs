using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Sinks.RollingFile;

// Entries are the message and a line feed, so a message of nine characters makes ten bytes.
public sealed class RollingFileSinkTests : IDisposable
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
    public void Nothing_is_written_before_the_flush_and_everything_by_it()
    {
        using var sink = Open();

        sink.Write("one");
        sink.Write("two");
        Assert.Equal("", folder.Read("run.log"));
        sink.Flush();

        Assert.Equal("one\ntwo\n", folder.Read("run.log"));
    }

    [Fact]
    public void Closing_writes_nothing_that_was_not_flushed()
    {
        using (var sink = Open())
        {
            sink.Write("flushed");
            sink.Flush();
            sink.Write("still in the journal");
        }

        Assert.Equal("flushed\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_large_batch_waits_for_its_flush_like_any_other()
    {
        using var sink = Open();

        sink.Write(new string('x', 20 * 1024 * 1024));
        sink.Write("small");
        Assert.Equal(0, new FileInfo(folder.Combine("run.log")).Length);
        sink.Flush();

        Assert.Equal(20 * 1024 * 1024 + 1 + 6, new FileInfo(folder.Combine("run.log")).Length);
    }

    [Fact]
    public void Missing_folders_are_created()
    {
        using var sink = Open(new RollingFileOptions { Path = folder.Combine("a", "b", "run.log") });

        Assert.Equal(["run.log"], folder.FilesIn(Path.Combine("a", "b")));
    }

    [Fact]
    public void What_a_former_run_left_is_appended_to()
    {
        File.WriteAllText(folder.Combine("run.log"), "old\n");

        WriteAll(Options(), "new");

        Assert.Equal("old\nnew\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_line_torn_by_a_crash_is_ended_first()
    {
        File.WriteAllText(folder.Combine("run.log"), "whole\nto");

        WriteAll(Options(), "new");

        Assert.Equal("whole\nto\nnew\n", folder.Read("run.log"));
    }

    [Fact]
    public void Overwriting_discards_what_a_former_run_left()
    {
        File.WriteAllText(folder.Combine("run.log"), "old");

        WriteAll(Options() with { Overwrite = true }, "new");

        Assert.Equal("new\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData(20, "aaaaaaaaa\nbbbbbbbbb\n", null)]
    [InlineData(19, "bbbbbbbbb\n", "aaaaaaaaa\n")]
    [InlineData(10, "bbbbbbbbb\n", "aaaaaaaaa\n")]
    [InlineData(1, "bbbbbbbbb\n", "aaaaaaaaa\n")]
    [InlineData(null, "aaaaaaaaa\nbbbbbbbbb\n", null)]
    public void The_file_rolls_when_the_next_entry_would_make_it_too_large_and_not_before(int? size, string current, string? first)
    {
        WriteAll(Options() with { MaxFileSize = size }, "aaaaaaaaa", "bbbbbbbbb");

        Assert.Equal(current, folder.Read("run.log"));
        Assert.Equal(first, File.Exists(folder.Combine("run.log.1")) ? folder.Read("run.log.1") : null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_the_file_rolls_does_not_depend_on_the_flushes(bool flushEach)
    {
        using (var sink = Open(Options() with { MaxFileSize = 20, MaxFiles = 10 }))
        {
            foreach (var c in "abcdefg")
            {
                sink.Deliver(new string(c, 9));
                if (flushEach)
                {
                    sink.Flush();
                }
            }

            sink.Flush();
        }

        Assert.Equal(["run.log", "run.log.1", "run.log.2", "run.log.3"], folder.FilesIn());
        Assert.Equal("aaaaaaaaa\nbbbbbbbbb\n", folder.Read("run.log.3"));
        Assert.Equal("ccccccccc\nddddddddd\n", folder.Read("run.log.2"));
        Assert.Equal("eeeeeeeee\nfffffffff\n", folder.Read("run.log.1"));
        Assert.Equal("ggggggggg\n", folder.Read("run.log"));
    }

    [Fact]
    public void What_a_former_run_left_counts_towards_the_size()
    {
        File.WriteAllText(folder.Combine("run.log"), "12345678901\n");

        WriteAll(Options() with { MaxFileSize = 20 }, "aaaaaaaaa");

        Assert.Equal("12345678901\n", folder.Read("run.log.1"));
        Assert.Equal("aaaaaaaaa\n", folder.Read("run.log"));
    }

    [Fact]
    public void Five_old_files_are_kept_and_the_newest_is_number_one()
    {
        WriteAll(Options() with { MaxFileSize = 1 }, "1", "2", "3", "4", "5", "6", "7", "8");

        Assert.Equal(["run.log", "run.log.1", "run.log.2", "run.log.3", "run.log.4", "run.log.5"], folder.FilesIn());
        Assert.Equal("8\n", folder.Read("run.log"));
        Assert.Equal(["7\n", "6\n", "5\n", "4\n", "3\n"], Enumerable.Range(1, 5).Select(i => folder.Read($"run.log.{i}")));
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public void Keeping_no_old_files_leaves_the_current_one()
    {
        WriteAll(Options() with { MaxFileSize = 1, MaxFiles = 0 }, "1", "2", "3");

        Assert.Equal(["run.log"], folder.FilesIn());
        Assert.Equal("3\n", folder.Read("run.log"));
    }

    [Fact]
    public void An_entry_too_large_for_any_file_gets_one_of_its_own_whole()
    {
        WriteAll(Options() with { MaxFileSize = 10 }, "small", new string('x', 50), "after");

        Assert.Equal("small\n", folder.Read("run.log.2"));
        Assert.Equal(new string('x', 50) + "\n", folder.Read("run.log.1"));
        Assert.Equal("after\n", folder.Read("run.log"));
    }

    [Fact]
    public void An_empty_file_is_never_rolled()
    {
        WriteAll(Options() with { MaxFileSize = 10 }, new string('x', 50));

        Assert.Equal(["run.log"], folder.FilesIn());
    }

    [Fact]
    public void A_roll_that_fails_loses_nothing_and_is_made_up_for_by_the_next()
    {
        using var sink = Open(Options() with { MaxFileSize = 1 });
        // A folder in the way stands for a file that another program holds.
        Directory.CreateDirectory(folder.Combine("run.log.1"));

        sink.Deliver("1");
        sink.Deliver("2");
        sink.Deliver("3");
        sink.Flush();
        sink.Deliver("4");
        sink.Flush();
        Assert.Equal("1\n2\n3\n4\n", folder.Read("run.log"));
        var failure = Assert.Single(failures.GetRecent());
        Assert.Equal(FailureSeverity.Temporary, failure.Severity);
        Assert.Equal(sink.FilePath, failure.Source);

        Directory.Delete(folder.Combine("run.log.1"));
        sink.Deliver("5");
        sink.Flush();
        Assert.Equal("5\n", folder.Read("run.log"));
        Assert.Equal("1\n2\n3\n4\n", folder.Read("run.log.1"));
    }

    [Fact]
    public void A_file_deleted_while_it_is_written_is_created_anew()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open();
        sink.Write("lost with the file");
        sink.Flush();
        File.Delete(folder.Combine("run.log"));

        sink.Write("kept");
        sink.Flush();

        Assert.Equal("kept\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_file_emptied_while_it_is_written_gets_no_hole_and_has_room_again()
    {
        using var sink = Open(Options() with { MaxFileSize = 20 });
        sink.Deliver("aaaaaaaaa");
        sink.Flush();
        using (var other = new FileStream(folder.Combine("run.log"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.SetLength(0);
        }

        sink.Deliver("bbbbbbbbb");
        sink.Flush();
        sink.Deliver("ccccccccc");
        sink.Flush();

        Assert.Equal("bbbbbbbbb\nccccccccc\n", folder.Read("run.log"));
    }

    [Fact]
    public void What_could_not_be_written_is_kept_and_written_once_by_the_next_flush()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open(Options() with { MaxFileSize = 8 });
        sink.Write("before");
        sink.Flush();
        // Deleted and replaced by a folder, the file can be neither written nor opened again.
        File.Delete(folder.Combine("run.log"));
        Directory.CreateDirectory(folder.Combine("run.log"));

        sink.Deliver("one");
        sink.Deliver("two");
        sink.Write("three");
        Assert.True(sink.NeedsRoll);
        Assert.Equal(LogFileFault.IsFolder, Assert.Throws<LogFileException>(() => sink.Flush(withoutLast: true)).Reason);
        Assert.Throws<LogFileException>(() => sink.Flush(withoutLast: true));
        Directory.Delete(folder.Combine("run.log"));
        sink.Flush(withoutLast: true);
        sink.Roll();
        sink.Deliver("four");
        sink.Flush();
        sink.Flush();

        var lines = folder.FilesIn().Reverse().Select(name => folder.Read(name));
        Assert.Equal(["one\ntwo\n", "three\n", "four\n"], lines);
    }

    [Fact]
    public void A_file_that_stays_broken_refuses_nothing()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var sink = Open();
        File.Delete(folder.Combine("run.log"));
        Directory.CreateDirectory(folder.Combine("run.log"));
        var large = new string('x', 9 * 1024 * 1024);
        for (var i = 0; i < 3; i++)
        {
            sink.Write(large);
            Assert.Throws<LogFileException>(sink.Flush);
        }

        Directory.Delete(folder.Combine("run.log"));
        sink.Flush();
        Assert.Equal(3 * (large.Length + 1), new FileInfo(folder.Combine("run.log")).Length);
    }

    [Fact]
    public void A_record_that_cannot_be_formatted_leaves_the_others_whole()
    {
        using var sink = Open(Options(), "{Message}{Properties}");

        sink.Write("one");
        Assert.Throws<ProtocolException>(() =>
        {
            var record = new RecordView { Message = "bad"u8, Properties = [1, (byte)'a', 99] };
            sink.Write(in record);
        });
        sink.Write("two");
        sink.Flush();

        Assert.Equal("one\ntwo\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_link_is_followed_and_it_is_the_file_behind_it_that_rolls()
    {
        SymbolicLinks.Require();
        Directory.CreateDirectory(folder.Combine("real"));
        File.CreateSymbolicLink(folder.Combine("run.log"), folder.Combine("real", "target.log"));

        WriteAll(Options() with { MaxFileSize = 1 }, "1", "2");

        Assert.Equal(["target.log", "target.log.1"], folder.FilesIn("real"));
        Assert.Equal("2\n", folder.Read("run.log"));
    }

    [Theory]
    [InlineData(0L, 5)]
    [InlineData(-1L, 5)]
    [InlineData(1L, -1)]
    public void Numbers_out_of_range_are_refused(long size, int files) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(Options() with { MaxFileSize = size, MaxFiles = files }));

    [Fact]
    public void Writing_allocates_nothing_per_record()
    {
        using var sink = Open(Options(), TemplateFormatter.DefaultTemplate);
        var view = Some.Record().View;
        Run(sink, in view);

        Assert.Equal(0, Run(sink, in view));
    }

    private static long Run(RollingFileSink sink, in RecordView view)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sink.Write(in view);
        }

        var after = GC.GetAllocatedBytesForCurrentThread();
        sink.Flush();
        return after - before;
    }

    private RollingFileOptions Options() => new() { Path = folder.Combine("run.log") };

    private RollingFileSink Open(RollingFileOptions? options = null, string template = "{Message}") =>
        new(options ?? Options(), new TemplateFormatter(template), new FileLockScope(state.Path, "pipe"), failures);

    private void WriteAll(RollingFileOptions options, params string[] messages)
    {
        using var sink = Open(options);
        foreach (var message in messages)
        {
            sink.Deliver(message);
        }

        sink.Flush();
    }
}
