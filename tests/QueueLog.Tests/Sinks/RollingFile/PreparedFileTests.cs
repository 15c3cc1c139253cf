using Microsoft.Win32.SafeHandles;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class PreparedFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_is_seen_by_nobody_before_it_has_its_name()
    {
        using var spare = new PreparedFile(folder.Path);
        var file = await PreparedAsync(spare, "run.log", seen: () => Assert.Empty(folder.FilesIn()));
        RandomAccess.Write(file, "written"u8, 0);

        Assert.Equal(["run.log"], folder.FilesIn());
        Assert.Equal("written", folder.Read("run.log"));
        file.Dispose();
        Assert.Equal("written", folder.Read("run.log"));
    }

    [Fact]
    public void It_replaces_nothing()
    {
        SkipWhereThereIsNone();
        File.WriteAllText(folder.Combine("run.log"), "somebody's");
        using var spare = new PreparedFile(folder.Path);
        using var file = spare.Detach();

        Assert.NotNull(file);
        Assert.False(PreparedFile.TryName(file, folder.Combine("run.log")));

        Assert.Equal("somebody's", folder.Read("run.log"));
    }

    [Fact]
    public async Task It_is_a_file_like_any_other()
    {
        File.WriteAllText(folder.Combine("usual"), "");
        using var spare = new PreparedFile(folder.Path);
        using var file = await PreparedAsync(spare, "run.log");

        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(File.GetUnixFileMode(folder.Combine("usual")), File.GetUnixFileMode(folder.Combine("run.log")));
        }

        using (File.OpenHandle(folder.Combine("run.log"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
        }

        // Whoever wants it for himself alone does not get it as long as it is open.
        Assert.Throws<IOException>(() => File.OpenHandle(folder.Combine("run.log"), FileMode.Open, FileAccess.ReadWrite, FileShare.None));
    }

    [Fact]
    public async Task There_is_none_after_the_end()
    {
        SkipWhereThereIsNone();
        var spare = new PreparedFile(folder.Path);
        spare.Prepare();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        spare.Dispose();

        Assert.False(spare.IsReady);
        spare.Prepare();
        Assert.Null(spare.Detach());
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public void Where_none_can_be_made_there_is_none()
    {
        using var spare = new PreparedFile(folder.Combine("missing"));
        spare.Prepare();

        Assert.Null(spare.Detach());
    }

    [Fact]
    public async Task A_log_that_is_rolled_fast_goes_on_in_one_that_was_made_aside()
    {
        SkipWhereThereIsNone();
        using var spare = new PreparedFile(folder.Path);
        using var file = new CurrentFile(folder.Combine("run.log"), folder.Combine("run.log.queuelog-new"), new FileFormat(null), null, 0, spare);
        file.Open(overwrite: false, isOurs: false).Append("one\n"u8);
        Roll(file, "run.log.1");
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        file.OpenAtPath().Append("two\n"u8);
        file.PrepareNext();
        Assert.False(spare.IsReady);

        File.Move(folder.Combine("run.log"), folder.Combine("run.log.2"));
        file.RolledAway(file.Path);
        file.OpenAtPath().Append("three\n"u8);

        Assert.Equal("one\n", folder.Read("run.log.1"));
        Assert.Equal("two\n", folder.Read("run.log.2"));
        Assert.Equal("three\n", folder.Read("run.log"));
    }

    [Fact]
    public void A_file_that_came_meanwhile_is_appended_to()
    {
        using var spare = new PreparedFile(folder.Path);
        using var file = new CurrentFile(folder.Combine("run.log"), folder.Combine("run.log.queuelog-new"), new FileFormat(null), null, 0, spare);
        file.Open(overwrite: false, isOurs: false).Append("one\n"u8);
        file.PrepareNext();
        File.Move(folder.Combine("run.log"), folder.Combine("run.log.1"));
        File.WriteAllText(folder.Combine("run.log"), "somebody's\n");
        file.RolledAway(file.Path);

        file.OpenAtPath().Append("two\n"u8);

        Assert.Equal("somebody's\ntwo\n", folder.Read("run.log"));
        Assert.Equal(["run.log", "run.log.1"], folder.FilesIn());
    }

    private void Roll(CurrentFile file, string name)
    {
        file.PrepareNext();
        File.Move(folder.Combine("run.log"), folder.Combine(name));
        file.RolledAway(file.Path);
    }

    private async Task<SafeFileHandle> PreparedAsync(PreparedFile spare, string name, Action? seen = null)
    {
        SkipWhereThereIsNone();
        spare.Prepare();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        seen?.Invoke();
        var file = spare.Detach();
        Assert.NotNull(file);
        Assert.True(PreparedFile.TryName(file, folder.Combine(name)));
        return file;
    }

    private static void SkipWhereThereIsNone() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has files without a name.");
}
