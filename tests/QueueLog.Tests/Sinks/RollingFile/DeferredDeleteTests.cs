using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class DeferredDeleteTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_names_are_gone_at_once_however_many_there_are()
    {
        var deleted = new DeferredDelete();
        for (var i = 0; i < 100; i++)
        {
            File.WriteAllText(folder.Combine($"run.log.{i}"), "old");
            deleted.Delete(folder.Combine($"run.log.{i}"));

            Assert.Empty(folder.FilesIn());
        }
    }

    [Fact]
    public void Whoever_reads_a_file_reads_on()
    {
        File.WriteAllText(folder.Combine("run.log.1"), "old");
        using var reader = new FileStream(folder.Combine("run.log.1"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        new DeferredDelete().Delete(folder.Combine("run.log.1"));

        Assert.Equal("old", new StreamReader(reader).ReadToEnd());
    }

    [Fact]
    public async Task What_a_file_held_is_let_go_of()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has open stands in /proc.");
        File.WriteAllText(folder.Combine("run.log.1"), "old");

        var deleted = new DeferredDelete();
        deleted.Delete(folder.Combine("run.log.1"));

        await Eventually.TrueAsync(() => !IsHeld(), "the file is closed");

        // Not by the garbage collector.
        GC.KeepAlive(deleted);

        bool IsHeld() => Directory.GetFiles("/proc/self/fd").Any(file => new FileInfo(file).LinkTarget?.StartsWith(folder.Path, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void What_is_no_file_is_told()
    {
        Directory.CreateDirectory(folder.Combine("run.log.1"));

        Assert.Throws<UnauthorizedAccessException>(() => new DeferredDelete().Delete(folder.Combine("run.log.1")));
        new DeferredDelete().Delete(folder.Combine("run.log.2"));
    }
}
