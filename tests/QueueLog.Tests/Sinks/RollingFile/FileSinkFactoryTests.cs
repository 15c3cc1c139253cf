using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class FileSinkFactoryTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();

    public void Dispose()
    {
        folder.Dispose();
        state.Dispose();
    }

    [Fact]
    public void A_plain_path_makes_one_file_and_a_path_with_tokens_many()
    {
        using var plain = Create(folder.Combine("run.log"));
        using var many = Create(folder.Combine("{Process}.log"));
        using var braces = Create(folder.Combine("{{run}}.log"));

        Assert.IsType<RollingFileSink>(plain);
        Assert.IsType<TokenFileSink>(many);
        Assert.IsType<RollingFileSink>(braces);
        Assert.Equal(["run.log", "{run}.log"], folder.FilesIn());
    }

    [Fact]
    public void A_folder_is_no_log_file()
    {
        var exception = Assert.Throws<LogFileException>(() => Create(folder.Path));

        Assert.Equal(LogFileFault.IsFolder, exception.Reason);
        Assert.Throws<LogFileException>(() => Create(folder.Path + Path.DirectorySeparatorChar));
    }

    [Theory]
    [InlineData("run.log")]
    [InlineData("{Process}.log")]
    public void A_folder_that_cannot_be_created_fails_at_once(string name)
    {
        File.WriteAllText(folder.Combine("file"), "");

        var exception = Assert.Throws<LogFileException>(() => Create(folder.Combine("file", "sub", name)));

        Assert.Equal(LogFileFault.NoFolder, exception.Reason);
        Assert.NotNull(exception.InnerException);
        Assert.StartsWith(folder.Combine("file", "sub"), exception.Path);
    }

    [Theory]
    [InlineData("run.log")]
    [InlineData("{Process}.log")]
    public void A_folder_that_may_not_be_written_fails_at_once(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not bind this account.");
        SetMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var exception = Assert.Throws<LogFileException>(() => Create(folder.Combine(name)));
            Assert.Equal(LogFileFault.AccessDenied, exception.Reason);
        }
        finally
        {
            SetMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_terminal_or_pipe_is_no_log_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/ptmx"), "Only Linux has /dev/ptmx to try.");

        var exception = Assert.Throws<LogFileException>(() => Create("/dev/ptmx"));

        Assert.Equal(LogFileFault.NotAFile, exception.Reason);
    }

    [Fact]
    public void A_second_sink_on_a_file_is_refused_by_any_of_its_names_until_the_first_is_closed()
    {
        using (Create(folder.Combine("run.log")))
        {
            var refusal = Assert.Throws<LogFileInUseException>(() => Create(folder.Combine("x", "..", "run.log")));
            Assert.Equal(Environment.ProcessId, refusal.OwnerPid);
            Assert.Equal("pipe", refusal.OwnerPipe);
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateSymbolicLink(folder.Combine("link"), folder.Path);
                Assert.Throws<LogFileInUseException>(() => Create(folder.Combine("link", "run.log")));
            }
        }

        Create(folder.Combine("run.log")).Dispose();
    }

    [Fact]
    public void Refusal_leaves_the_file_as_it_is_even_when_it_was_to_be_overwritten()
    {
        using var first = Create(folder.Combine("run.log"));
        first.Write("kept");
        first.Flush();

        Assert.Throws<LogFileInUseException>(() => Create(folder.Combine("run.log"), overwrite: true));

        Assert.Equal("kept\n", folder.Read("run.log"));
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private IRecordSink Create(string path, bool overwrite = false) => FileSinkFactory.Create(
        new RollingFileOptions { Path = path, Overwrite = overwrite },
        new TemplateFormatter("{Message}"),
        new FileLockScope(state.Path, "pipe"),
        new FailureLog());
}
