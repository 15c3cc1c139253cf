using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.Versioning;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Pool.JobLog;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

/// <summary>Root logs to a folder in which all may make names, and another user does.</summary>
[Collection(nameof(FaultPointCollection)), SupportedOSPlatform("linux")]
public sealed class PlantedNameTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder folder = new();
    private readonly TempFolder secrets = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();

    public PlantedNameTests()
    {
        OtherUser.SkipUnlessPossible();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b1_111_111_111);
        File.WriteAllText(Victim, "of root\n");
        File.SetUnixFileMode(Victim, OwnerOnly);
    }

    private string Log => folder.Combine("run.log");

    private string Victim => secrets.Combine("victim");

    public void Dispose()
    {
        FaultPoint.Reached = null;
        folder.Dispose();
        secrets.Dispose();
        state.Dispose();
    }

    [Theory]
    [InlineData("touch {0} && chmod 666 {0}")]
    [InlineData("ln -s {1} {0}")]
    [InlineData("mkfifo {0}")]
    public async Task What_is_compressed_goes_into_no_file_that_another_user_has_made(string plant)
    {
        using var sink = Open(compress: true);
        Write(sink, "first");
        await PlantAsync(plant, folder.Combine("run.log.queuelog-gz"));
        Write(sink, "second");
        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);

        Assert.Equal(["run.log", "run.log.1.gz"], folder.FilesIn());
        AssertIsOfRoot(folder.Combine("run.log.1.gz"));
        AssertVictimIsUntouched();
        Assert.Equal(0, failures.Count);
    }

    [Theory]
    [InlineData("ln -s {1} {0}")]
    [InlineData("mkfifo {0}")]
    public async Task What_is_no_file_is_not_compressed_and_keeps_nothing_else_from_it(string plant)
    {
        await PlantAsync(plant, folder.Combine("run.log.1"));
        File.WriteAllText(folder.Combine("run.log.2"), "old\n");
        await PlantAsync(plant, folder.Combine("run.log.2.gz"));
        using var sink = Open(compress: true);
        Write(sink, "first");
        Write(sink, "second");
        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);

        // Of the two forms of the old file that were there neither is looked into.
        Assert.Equal(["run.log", "run.log.1.gz", "run.log.2", "run.log.3", "run.log.3.gz"], folder.FilesIn());
        AssertIsOfRoot(folder.Combine("run.log.1.gz"));
        AssertVictimIsUntouched();
    }

    [Theory]
    [InlineData("ln -s {1} {0}")]
    [InlineData("touch {0} && chmod 666 {0}")]
    public async Task A_log_does_not_go_on_in_what_another_user_has_put_in_its_place_during_a_roll(string plant)
    {
        using var sink = Open();
        Write(sink, "first");

        // The rolls of other tests are not meant, which run at the same time.
        var own = Environment.CurrentManagedThreadId;
        FaultPoint.Reached = fault =>
        {
            if (fault == JournalFault.InRoll && Environment.CurrentManagedThreadId == own)
            {
                PlantAsync(plant, Log).GetAwaiter().GetResult();
            }
        };
        sink.Write(Some.Record("second"));
        sink.Roll();
        FaultPoint.Reached = null;
        var refused = Assert.Throws<LogFileException>(sink.Flush);
        Assert.Equal(LogFileFault.AccessDenied, refused.Reason);
        Assert.Contains("65534", refused.Message);
        AssertVictimIsUntouched();

        File.Delete(Log);
        sink.Flush();
        Assert.Equal("second\n", folder.Read("run.log"));
        AssertIsOfRoot(Log);
    }

    [Theory]
    [InlineData("ln -s {1} {0}")]
    [InlineData("touch {0} && chmod 666 {0}")]
    public async Task A_log_is_not_begun_in_what_another_user_has_put_there(string plant)
    {
        await PlantAsync(plant, Log);
        Assert.Equal(LogFileFault.AccessDenied, Assert.Throws<LogFileException>(() => Open()).Reason);
        Assert.Equal(LogFileFault.AccessDenied, Assert.Throws<LogFileException>(() => JobLogFile.Open(Log, readsHistory: true)).Reason);
        AssertVictimIsUntouched();
    }

    [Fact]
    public void A_log_is_not_begun_in_another_name_of_a_file_where_all_may_give_it_one()
    {
        var file = folder.Combine("file");
        File.WriteAllText(file, "of root\n");
        Run("ln", file, Log);
        Assert.Equal(LogFileFault.AccessDenied, Assert.Throws<LogFileException>(() => Open()).Reason);
        Assert.Equal("of root\n", File.ReadAllText(file));
    }

    [Fact]
    public void A_link_of_the_user_s_own_is_followed_at_the_start_and_later()
    {
        var target = secrets.Combine("target.log");
        File.CreateSymbolicLink(Log, target);
        using (var sink = Open(size: null))
        {
            Write(sink, "first");
            Assert.Equal("first\n", File.ReadAllText(target));
        }

        var moved = secrets.Combine("moved.log");
        using (var sink = Open(size: null))
        {
            File.Move(target, moved);
            File.CreateSymbolicLink(target, moved);
            Write(sink, "second");
        }

        Assert.Equal("first\nsecond\n", File.ReadAllText(moved));
    }

    [Fact]
    public async Task A_new_file_and_a_compressed_one_have_owner_group_and_mode_of_the_old_one()
    {
        using var sink = Open(compress: true);
        Run("chown", "64001:64002", Log);
        File.SetUnixFileMode(Log, OwnerOnly | UnixFileMode.GroupRead);
        Write(sink, "first");
        Write(sink, "second");
        Write(sink, "third");
        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);

        foreach (var name in new[] { "run.log", "run.log.1.gz", "run.log.2.gz" })
        {
            Assert.Equal("64001 64002 640", Run("stat", "-c", "%u %g %a", folder.Combine(name)));
        }

        // The same where others have taken it away.
        File.Delete(Log);
        Write(sink, "fourth");
        Assert.Equal("64001 64002 640", Run("stat", "-c", "%u %g %a", Log));
    }

    [Fact]
    public void A_folder_that_takes_no_more_files_costs_a_log_its_roll_and_nothing_else()
    {
        // Itself, the log and two old files.
        using var disk = new SmallDisk(files: 4);
        using var sink = new RollingFileSink(new RollingFileOptions { Path = disk.Combine("run.log"), MaxFileSize = 4, MaxFiles = 9 }, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures);
        foreach (var message in new[] { "1111", "2222", "3333", "4444" })
        {
            Write(sink, message);
        }

        Assert.Equal(["3333", "4444"], disk.ReadLines("run.log"));
        Assert.Contains("could not be rolled and grows on", Assert.Single(failures.GetRecent()).Message);

        File.Delete(disk.Combine("run.log.2"));
        Write(sink, "5555");
        Assert.Equal(["5555"], disk.ReadLines("run.log"));
        Assert.Equal(["3333", "4444"], disk.ReadLines("run.log.1"));
    }

    private static void Write(RollingFileSink sink, string message)
    {
        sink.Deliver(message);
        sink.Flush();
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd();
    }

    private Task PlantAsync(string plant, string path) => OtherUser.ShellAsync(OtherUser.Nobody, string.Format(plant, path, Victim));

    private RollingFileSink Open(bool compress = false, long? size = 1) =>
        new(new RollingFileOptions { Path = Log, MaxFileSize = size, MaxFiles = 100, Compress = compress }, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures);

    private void AssertVictimIsUntouched()
    {
        Assert.Equal("of root\n", File.ReadAllText(Victim));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Victim));
        Assert.Equal(["victim"], secrets.FilesIn());
    }

    private static void AssertIsOfRoot(string path)
    {
        Assert.Equal("0 regular", string.Join(' ', Run("stat", "-c", "%u %F", path).Split(' ')[..2]));
        if (path.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            Assert.Equal("first\n", new StreamReader(gzip).ReadToEnd());
        }
    }
}
