using System.IO.Pipes;
using System.Security.Principal;
using System.Text;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class PipeAcceptorTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    // More than there are free ends at a time, where a client needs one.
    private const int Crowd = 40;

    // On Unix whoever opens another name of the same folder looks whether somebody is there, and so is a client too.
    private readonly TempFolder folder = new();
    private readonly string address;

    public PipeAcceptorTests() => address = PipeName.ToAddress("test", folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Many_clients_that_come_at_once_are_all_let_in()
    {
        await using var acceptor = PipeAcceptor.Open(address);
        var coming = Enumerable.Range(0, Crowd).Select(_ => PipeConnector.ConnectAsync(address, TestTimeout.Limit, None)).ToArray();
        for (var i = 0; i < Crowd; i++)
        {
            await using var accepted = await acceptor.AcceptAsync(None).AsTask().WaitAsync(TestTimeout.Limit);
        }

        foreach (var connection in await Task.WhenAll(coming).WaitAsync(TestTimeout.Limit))
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_end_of_the_thread_that_opened_a_name_costs_no_client()
    {
        // Windows gives up what a thread has begun when that thread ends: a thread of the pool does after 20 idle seconds.
        PipeAcceptor? opened = null;
        var thread = new Thread(() => opened = PipeAcceptor.Open(address));
        thread.Start();
        Assert.True(thread.Join(TestTimeout.Limit));
        await using var acceptor = opened!;
        for (var i = 0; i < Crowd; i++)
        {
            await using var client = await PipeConnector.ConnectAsync(address, TestTimeout.Limit, None);
            await client.SendAsync(Encoded.Hello("client"), None);
            await using var accepted = await acceptor.AcceptAsync(None).AsTask().WaitAsync(TestTimeout.Limit);
            Assert.NotNull(await accepted.ReadAsync(None).AsTask().WaitAsync(TestTimeout.Limit));
        }
    }

    [Fact]
    public async Task A_name_is_answering_also_while_nobody_is_let_in()
    {
        await using var acceptor = PipeAcceptor.Open(address);
        using var cancel = new CancellationTokenSource();
        var coming = Enumerable.Range(0, Crowd).Select(_ => PipeConnector.ConnectAsync(address, TestTimeout.Limit, cancel.Token)).ToArray();

        // As many as find an end on Windows; elsewhere all of them stand in the queue.
        await Eventually.TrueAsync(() => coming.Count(task => task.IsCompletedSuccessfully) >= 10, "clients have come");
        for (var i = 0; i < 20; i++)
        {
            Assert.True(PipeConnector.IsAnswering(address));
        }

        await cancel.CancelAsync();
        foreach (var task in coming)
        {
            try
            {
                await (await task.WaitAsync(TestTimeout.Limit)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_not_answering()
    {
        Assert.False(PipeConnector.IsAnswering(address));
        await PipeAcceptor.Open(address).DisposeAsync();
        Assert.False(PipeConnector.IsAnswering(address));
    }

    [Fact]
    public async Task What_a_client_wrote_that_left_before_it_was_let_in_is_there()
    {
        await using var acceptor = PipeAcceptor.Open(address);
        for (var i = 0; i < Crowd; i++)
        {
            var client = await PipeConnector.ConnectAsync(address, TestTimeout.Limit, None);
            await client.SendAsync(Encoding.UTF8.GetBytes($"line {i}"), None);
            await client.DisposeAsync();
            var buffer = new byte[100];
            await using var accepted = await acceptor.AcceptAsync(None).AsTask().WaitAsync(TestTimeout.Limit);
            var count = await accepted.ReadBytesAsync(buffer, None).AsTask().WaitAsync(TestTimeout.Limit);
            Assert.Equal($"line {i}", Encoding.UTF8.GetString(buffer, 0, count));
        }
    }

    [Fact]
    public async Task An_accept_that_is_cancelled_costs_no_client()
    {
        await using var acceptor = PipeAcceptor.Open(address);
        using var cancel = new CancellationTokenSource();
        var accepting = acceptor.AcceptAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(TestTimeout.Limit));
        await using var client = await PipeConnector.ConnectAsync(address, TestTimeout.Limit, None);
        await using var accepted = await acceptor.AcceptAsync(None).AsTask().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task Windows_a_pipe_belongs_to_the_user_and_not_to_a_group_of_which_elevated_processes_are()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Skip("Owners of pipes are a matter of Windows.");
            return;
        }

        await using var acceptor = PipeAcceptor.Open(address);
        await using var client = new NamedPipeClientStream(".", PipeName.ToStreamName(address), PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)TestTimeout.Limit.TotalMilliseconds, None);
        using var user = WindowsIdentity.GetCurrent();
        var rights = client.GetAccessControl();
        Assert.Equal(user.User, rights.GetOwner(typeof(SecurityIdentifier)));
        var rule = Assert.IsType<PipeAccessRule>(Assert.Single(rights.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier)).Cast<object>()));
        Assert.Equal(user.User, rule.IdentityReference);
    }
}
