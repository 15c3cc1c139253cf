using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class RealPathTests : IDisposable
{
    private readonly TempFolder folder = new();

    public RealPathTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows symbolic links need a privilege.");

    // The temporary folder may itself lie behind a link, as on macOS.
    private string Root => RealPath.Of(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_path_without_links_is_only_made_full() =>
        Assert.Equal(Path.Combine(Root, "b", "run.log"), RealPath.Of(folder.Path + "/a/.././/b/run.log"));

    [Fact]
    public void Links_to_folders_and_files_are_followed_to_the_end()
    {
        Directory.CreateDirectory(folder.Combine("real"));
        Directory.CreateSymbolicLink(folder.Combine("relative"), "real");
        Directory.CreateSymbolicLink(folder.Combine("absolute"), folder.Combine("relative"));
        File.CreateSymbolicLink(folder.Combine("real", "link.log"), "../absolute/run.log");

        Assert.Equal(Path.Combine(Root, "real", "run.log"), RealPath.Of(folder.Combine("absolute", "link.log")));
    }

    [Fact]
    public void Links_that_lead_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(folder.Combine("a"), "b");
        File.CreateSymbolicLink(folder.Combine("b"), "a");

        Assert.Throws<LogFileException>(() => RealPath.Of(folder.Combine("a")));
    }
}
