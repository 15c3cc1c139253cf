using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class FileIdentityTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_another_has_to_itself_is_still_at_its_path()
    {
        using var alone = new FileStream(Log, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var identity = FileIdentity.Of(alone.SafeFileHandle);
        Assert.NotNull(identity);
        Assert.Equal(identity, FileIdentity.Of(Log));
        Assert.True(identity.Value.IsAt(Log));
    }

    [Fact]
    public void A_file_that_was_deleted_is_not()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var file = LogFile.Open(Log, overwrite: false);
        File.Delete(Log);
        Assert.False(file.IsAtPath);
    }

    [Fact]
    public void A_file_that_was_replaced_is_not()
    {
        using var file = LogFile.Open(Log, overwrite: false);
        File.Move(Log, folder.Combine("moved.log"));
        Assert.False(file.IsAtPath);
        File.WriteAllText(Log, "");
        Assert.False(file.IsAtPath);
        File.Delete(Log);
        File.Move(folder.Combine("moved.log"), Log);
        Assert.True(file.IsAtPath);
    }

    [Fact]
    public void Two_files_differ_and_a_path_without_a_file_has_no_identity()
    {
        File.WriteAllText(folder.Combine("a"), "");
        File.WriteAllText(folder.Combine("b"), "");
        Assert.NotEqual(FileIdentity.Of(folder.Combine("a")), FileIdentity.Of(folder.Combine("b")));
        Assert.Null(FileIdentity.Of(folder.Combine("c")));
        Assert.Null(FileIdentity.Of(folder.Combine("no", "c")));
    }
}
