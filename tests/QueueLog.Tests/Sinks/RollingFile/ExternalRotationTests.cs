using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Pool.JobLog;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

/// <summary>What other programs do to a log file while it is written.</summary>
public sealed class ExternalRotationTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();
    private readonly RollingFileSink sink;

    public ExternalRotationTests()
    {
        sink = new RollingFileSink(new RollingFileOptions { Path = Log }, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures);
        Write("before");
    }

    private string Log => folder.Combine("run.log");

    public void Dispose()
    {
        sink.Dispose();
        folder.Dispose();
        state.Dispose();
    }

    [Fact]
    public void A_file_renamed_away_keeps_what_it_has_and_a_new_one_is_begun()
    {
        File.Move(Log, folder.Combine("run.log-2026"));

        Write("after");
        Write("more");

        Assert.Equal(["before"], folder.ReadLines("run.log-2026"));
        Assert.Equal(["after", "more"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void A_file_that_was_deleted_is_begun_anew()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        File.Delete(Log);

        Write("after");
        Write("more");

        Assert.Equal(["after", "more"], folder.ReadLines("run.log"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("of another\n")]
    public void A_file_replaced_by_another_of_its_name_is_written_on_there(string content)
    {
        // As logrotate does with "create": the new file is there before anyone sees that the old one has gone.
        File.Move(Log, folder.Combine("run.log-2026"));
        File.WriteAllText(Log, content);

        Write("after");
        Write("more");

        Assert.Equal(["before"], folder.ReadLines("run.log-2026"));
        Assert.Equal(content + "after\nmore\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_file_another_was_moved_over_is_written_on_there()
    {
        OpenFiles.SkipUnlessReplaceable();
        File.WriteAllText(folder.Combine("other"), "other\n");
        File.Move(folder.Combine("other"), Log, overwrite: true);

        Write("after");

        Assert.Equal(["other", "after"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void A_file_that_was_moved_back_is_written_on()
    {
        File.Move(Log, folder.Combine("aside"));
        File.Move(folder.Combine("aside"), Log);

        Write("after");

        Assert.Equal(["before", "after"], folder.ReadLines("run.log"));
    }

    [Fact]
    public void A_file_copied_and_truncated_is_written_on_from_its_beginning()
    {
        File.Copy(Log, folder.Combine("copy"));
        using (var other = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.SetLength(0);
        }

        Write("after");

        Assert.Equal(["before"], folder.ReadLines("copy"));
        Assert.Equal(["after"], folder.ReadLines("run.log"));
        Write("more");
        Assert.Contains("was changed by someone else", Assert.Single(failures.GetRecent()).Message);
    }

    [Fact]
    public void What_another_writes_into_it_stays_and_is_told()
    {
        using (var other = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            other.Write("of another\n"u8);
        }

        Write("after");
        Write("more");

        Assert.Equal(["before", "of another", "after", "more"], folder.ReadLines("run.log"));
        Assert.Contains("was changed by someone else", Assert.Single(failures.GetRecent()).Message);
    }

    [Fact]
    public void It_has_one_writer_also_where_the_users_and_their_state_folders_are_others()
    {
        using var elsewhere = new TempFolder();
        var locks = new FileLockScope(elsewhere.Path, "another");
        var refused = Assert.Throws<LogFileInUseException>(() => new RollingFileSink(new RollingFileOptions { Path = Log }, new TemplateFormatter("{Message}"), locks, failures));
        Assert.Null(refused.OwnerPid);
        Assert.Throws<LogFileInUseException>(() => JobLogFile.Open(Log, readsHistory: false));

        // The next file of the log, too; and whoever only reads is not kept from it.
        Assert.Equal(["before"], folder.ReadLines("run.log"));
        sink.Dispose();
        using var next = new RollingFileSink(new RollingFileOptions { Path = Log, MaxFileSize = 1 }, new TemplateFormatter("{Message}"), locks, failures);
        next.Deliver("after");
        next.Flush();
        Assert.Equal(["after"], folder.ReadLines("run.log"));
        Assert.Throws<LogFileInUseException>(() => new RollingFileSink(new RollingFileOptions { Path = Log }, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures));
    }

    [Fact]
    public void A_folder_renamed_with_its_file_is_made_anew()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows renames no folder with open files.");
        var path = folder.Combine("logs", "run.log");
        using var inner = new RollingFileSink(new RollingFileOptions { Path = path }, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), new FailureLog());
        Directory.Move(folder.Combine("logs"), folder.Combine("old"));

        inner.Write("after");
        inner.Flush();

        Assert.Equal(["after"], folder.ReadLines("logs", "run.log"));
    }

    [Fact]
    public void A_file_is_the_same_by_every_name_and_another_is_not()
    {
        var (a, b) = (folder.Combine("a"), folder.Combine("b"));
        using var handle = File.OpenHandle(a, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.WriteAllText(b, "");
        var identity = FileIdentity.Of(handle);

        Assert.NotNull(identity);
        Assert.Equal(identity, FileIdentity.Of(a));
        Assert.NotEqual(identity, FileIdentity.Of(b));
        Assert.Null(FileIdentity.Of(folder.Combine("none")));
        File.Move(a, folder.Combine("c"));
        Assert.Equal(identity, FileIdentity.Of(handle));
        Assert.Equal(identity, FileIdentity.Of(folder.Combine("c")));
        Assert.Null(FileIdentity.Of(a));
    }

    private void Write(string message)
    {
        sink.Write(message);
        sink.Flush();
    }
}
