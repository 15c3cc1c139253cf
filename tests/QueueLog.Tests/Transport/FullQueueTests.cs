using System.Net.Sockets;
using QueueLog.Client;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

/// <summary>A listener that accepts nobody, as one that is stopped by a signal does, and whose queue is full.</summary>
public sealed class FullQueueTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    // Not the state folder, where other programs of this user would find it.
    private readonly TempFolder folder = new();
    private readonly string address;
    private readonly Socket listener;
    private readonly List<Socket> queue = [];

    public FullQueueTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a full queue from a socket on which nobody listens; Windows has no queue.");
        address = folder.Combine("full" + SocketFiles.Extension);
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(address));
        listener.Listen(1);
        while (TryJoinQueue())
        {
        }
    }

    public void Dispose()
    {
        queue.ForEach(socket => socket.Dispose());
        listener.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Who_connects_is_told_when_the_time_is_over()
    {
        await AssertTimesOutAsync(() => PipeConnector.ConnectAsync(address, Short, None));
        await AssertTimesOutAsync(() => Task.FromResult(PipeConnector.Connect(address, Short)));
        await AssertTimesOutAsync(() => LogClient.ConnectAsync(address, new ClientOptions { ConnectTimeout = Short }, None));
    }

    [Fact]
    public async Task Who_connects_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var connecting = Task.Run(() => PipeConnector.ConnectAsync(address, TestTimeout.Limit, cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task Who_waits_is_let_in_as_soon_as_there_is_room()
    {
        var coming = Task.Run(() => PipeConnector.ConnectAsync(address, TestTimeout.Limit, None));
        var alsoComing = Task.Run(() => PipeConnector.Connect(address, TestTimeout.Limit));
        using var first = await listener.AcceptAsync().WaitAsync(TestTimeout.Limit);
        using var second = await listener.AcceptAsync().WaitAsync(TestTimeout.Limit);
        await (await coming.WaitAsync(TestTimeout.Limit)).DisposeAsync();
        await (await alsoComing.WaitAsync(TestTimeout.Limit)).DisposeAsync();
    }

    [Fact]
    public async Task It_is_answering_and_nobody_who_looks_for_the_dead_waits_for_it()
    {
        Assert.True(await Task.Run(() => PipeConnector.IsAnswering(address)).WaitAsync(TestTimeout.Limit));
        Assert.Empty(await Task.Run(() => SocketFiles.FindDead(folder.Path)).WaitAsync(TestTimeout.Limit));
        await Task.Run(() => SocketFiles.RemoveDead(folder.Path, [address])).WaitAsync(TestTimeout.Limit);
        Assert.True(File.Exists(address));
    }

    [Fact]
    public async Task Its_name_is_in_use()
    {
        await Assert.ThrowsAsync<PipeInUseException>(() => Task.Run(() => PipeAcceptor.Open(address)).WaitAsync(TestTimeout.Limit));
        Assert.True(File.Exists(address));
    }

    [Fact]
    public async Task A_program_with_the_handler_for_Python_goes_on_and_shows_what_it_logged()
    {
        var result = await PythonProgram.RunAsync(folder, address, """
            log = logging.getLogger('app'); log.setLevel(1); log.addHandler(queuelog.QueueLogHandler(timeout=0.1))
            log.info('not lost')
            """);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("not lost", result.Error);
    }

    // Not by a limit on the task itself, which would throw the same.
    private static async Task AssertTimesOutAsync(Func<Task> connect)
    {
        var connecting = Task.Run(connect);
        Assert.Same(connecting, await Task.WhenAny(connecting, Task.Delay(TestTimeout.Limit, None)));
        await Assert.ThrowsAsync<TimeoutException>(() => connecting);
    }

    private bool TryJoinQueue()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(address));
            queue.Add(socket);
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }
}
