using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class SocketFilesTests
{
    [Fact]
    public async Task A_socket_that_was_found_dead_and_has_a_new_owner_by_now_is_not_removed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows leaves no file.");
        var folder = StateFolder.Ensure();
        var address = PipeName.ToAddress(TestListener.NewName());
        await File.WriteAllTextAsync(address, "");
        var dead = SocketFiles.FindDead(folder);
        Assert.Contains(address, dead);
        await using var newcomer = PipeAcceptor.Open(address);
        using (TakeOverLock.Enter(folder))
        {
            SocketFiles.RemoveDead(folder, [address]);
        }

        Assert.True(File.Exists(address));
        Assert.True(PipeConnector.IsAnswering(address));
    }

    [Fact]
    public async Task Who_may_not_ask_takes_nobody_for_dead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows is no file.");

        // No folder, so that the system gives another reason than that nobody listens.
        using var folder = new TempFolder();
        var file = folder.Combine("file");
        await File.WriteAllTextAsync(file, "");
        Assert.True(PipeConnector.IsAnswering(Path.Combine(file, "x.sock")));
        Assert.False(PipeConnector.IsAnswering(file));
    }
}
