using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class PipeSystemTests : IDisposable
{
    // What nobody reads has room in both directions: a pipe of Windows takes 64 KiB.
    private const int Unread = 60_000;

    private static readonly CancellationToken None = CancellationToken.None;

    // On Unix whoever opens another name of the same folder looks whether somebody is there, and so is a client too.
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_system_says_who_is_at_the_other_end()
    {
        var (acceptor, client, connection) = await ConnectAsync();
        Assert.Equal(Environment.ProcessId, connection.PeerPid);
        await client.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Equal(0, connection.PeerPid);
        await acceptor.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_sent_at_once_that_would_have_to_wait_for_the_other_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says how much room there is.");
        var (acceptor, client, connection) = await ConnectAsync();
        var frames = new byte[4096];
        var sent = 0;
        while (connection.TrySend(frames))
        {
            sent++;
            Assert.InRange(sent, 1, 1000);
        }

        Assert.InRange(sent, 1, 1000);
        Assert.False(connection.TrySend(new byte[1024 * 1024]));
        await client.DisposeAsync();
        await connection.DisposeAsync();
        await acceptor.DisposeAsync();
    }

    [Fact]
    public async Task The_start_can_be_looked_at_and_is_still_read()
    {
        var (acceptor, client, connection) = await ConnectAsync();
        await client.SendAsync("abc");
        Assert.Equal("abc"u8.ToArray(), (await connection.PeekAsync(2, None).AsTask().WaitAsync(TestTimeout.Limit)).ToArray());
        await client.SendAsync("def");
        Assert.Equal("abcdef"u8.ToArray(), (await connection.PeekAsync(6, None).AsTask().WaitAsync(TestTimeout.Limit)).ToArray());
        var target = new byte[4];
        Assert.Equal(4, await connection.ReadBytesAsync(target, None));
        Assert.Equal("abcd"u8.ToArray(), target);
        Assert.Equal(2, await connection.ReadBytesAsync(target, None));
        await client.DisposeAsync();
        Assert.Equal(0, await connection.ReadBytesAsync(target, None).AsTask().WaitAsync(TestTimeout.Limit));
        Assert.Equal(0, (await connection.PeekAsync(1, None)).Length);
        await connection.DisposeAsync();
        await acceptor.DisposeAsync();
    }

    [Fact]
    public async Task When_nothing_more_is_received_what_was_sent_before_still_is()
    {
        var (acceptor, client, connection) = await ConnectAsync();
        var reading = connection.ReadBytesAsync(new byte[100], None).AsTask();
        await client.SendAsync("first");
        Assert.Equal(5, await reading.WaitAsync(TestTimeout.Limit));
        await client.SendAsync(new byte[Unread]);
        connection.StopReceiving();
        if (OperatingSystem.IsLinux())
        {
            Assert.False(await client.TrySendAsync("late"u8.ToArray()));
        }

        var total = 0;
        while (await connection.ReadBytesAsync(new byte[7000], None).AsTask().WaitAsync(TestTimeout.Limit) is > 0 and var count)
        {
            total += count;
        }

        Assert.Equal(Unread, total);
        await client.DisposeAsync();
        await connection.DisposeAsync();
        await acceptor.DisposeAsync();
    }

    [Fact]
    public async Task A_read_that_waits_ends_when_nothing_more_is_received()
    {
        var (acceptor, client, connection) = await ConnectAsync();
        var reading = connection.ReadBytesAsync(new byte[100], None).AsTask();
        connection.StopReceiving();
        Assert.Equal(0, await reading.WaitAsync(TestTimeout.Limit));
        await client.DisposeAsync();
        await connection.DisposeAsync();
        await acceptor.DisposeAsync();
    }

    private async Task<(PipeAcceptor Acceptor, LineClient Client, PipeConnection Connection)> ConnectAsync()
    {
        var acceptor = PipeAcceptor.Open(PipeName.ToAddress("test", folder.Path));
        var accepting = acceptor.AcceptAsync(None).AsTask();
        var client = await LineClient.ConnectAsync(acceptor.Address);
        return (acceptor, client, await accepting.WaitAsync(TestTimeout.Limit));
    }
}
