using Microsoft.Win32.SafeHandles;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class SpareFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_is_seen_by_nobody_before_it_has_its_name()
    {
        using var spare = new SpareFile(folder.Path);
        var file = await PreparedAsync(spare, "run.log", seen: () => Assert.Empty(folder.FilesIn()));
        RandomAccess.Write(file, "written"u8, 0);

        Assert.Equal(["run.log"], folder.FilesIn());
        Assert.Equal("written", folder.Read("run.log"));
        file.Dispose();
        Assert.Equal("written", folder.Read("run.log"));
    }

    [Fact]
    public async Task It_replaces_nothing()
    {
        SkipWhereThereIsNone();
        File.WriteAllText(folder.Combine("run.log"), "somebody's");
        using var spare = new SpareFile(folder.Path);
        spare.Prepare();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");

        Assert.Null(spare.TakeAs(folder.Combine("run.log")));

        Assert.Equal("somebody's", folder.Read("run.log"));
    }

    [Fact]
    public async Task It_is_a_file_like_any_other()
    {
        File.WriteAllText(folder.Combine("usual"), "");
        using var spare = new SpareFile(folder.Path);
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
        var spare = new SpareFile(folder.Path);
        spare.Prepare();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        spare.Dispose();

        Assert.False(spare.IsReady);
        spare.Prepare();
        Assert.Null(spare.TakeAs(folder.Combine("run.log")));
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public void Where_none_can_be_made_there_is_none()
    {
        using var spare = new SpareFile(folder.Combine("missing"));
        spare.Prepare();

        Assert.Null(spare.TakeAs(folder.Combine("missing", "run.log")));
    }

    [Fact]
    public async Task A_log_that_is_rolled_fast_goes_on_in_it()
    {
        SkipWhereThereIsNone();
        using var spare = new SpareFile(folder.Path);
        using var file = new CurrentFile(folder.Combine("run.log"), new FileFormat(null), null, 0, spare);
        file.Open(overwrite: false, isOurs: false).Append("one\n"u8);
        File.Move(folder.Combine("run.log"), folder.Combine("run.log.1"));
        file.RolledAway();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");

        file.OpenAtPath().Append("two\n"u8);

        Assert.False(spare.IsReady);
        Assert.Equal("one\n", folder.Read("run.log.1"));
        Assert.Equal("two\n", folder.Read("run.log"));
    }

    [Fact]
    public async Task A_file_that_came_meanwhile_is_appended_to()
    {
        SkipWhereThereIsNone();
        using var spare = new SpareFile(folder.Path);
        using var file = new CurrentFile(folder.Combine("run.log"), new FileFormat(null), null, 0, spare);
        file.Open(overwrite: false, isOurs: false).Append("one\n"u8);
        File.Move(folder.Combine("run.log"), folder.Combine("run.log.1"));
        file.RolledAway();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        File.WriteAllText(folder.Combine("run.log"), "somebody's\n");

        file.OpenAtPath().Append("two\n"u8);

        Assert.Equal("somebody's\ntwo\n", folder.Read("run.log"));
    }

    private async Task<SafeFileHandle> PreparedAsync(SpareFile spare, string name, Action? seen = null)
    {
        SkipWhereThereIsNone();
        spare.Prepare();
        await Eventually.TrueAsync(() => spare.IsReady, "a file is made");
        seen?.Invoke();
        return spare.TakeAs(folder.Combine(name)) ?? throw new InvalidOperationException("It got no name.");
    }

    private static void SkipWhereThereIsNone() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has files without a name.");
}
