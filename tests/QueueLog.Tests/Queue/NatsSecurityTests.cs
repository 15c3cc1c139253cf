using QueueLog.Nats;
using QueueLog.Queue;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.NatsQueueEngineTests;

namespace QueueLog.Tests.Queue;

public sealed class NatsSecurityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_encrypted_and_survives_the_server()
    {
        using var server = await NatsServer.StartAsync(usesTls: true);
        Assert.True(server.Link.IsSecure);
        await using var engine = await server.ConnectAsync();
        var run = await engine.CreateRunAsync("r1", Cancellation);
        server.Kill();
        await Eventually.TrueAsync(() => !engine.Connection.IsConnected, "the loss is seen");
        await server.StartAsync();
        await Eventually.TrueAsync(() => engine.Connection.IsConnected, "it is connected again");
        Assert.Equal(AppendResult.Appended, (await run.AppendAsync("c1", Bytes("x"), 0, "i", Cancellation)).Result);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        using var server = await NatsServer.StartAsync(usesTls: true);
        using var other = QueueAuthority.Create("other", DateTimeOffset.UtcNow);
        await RefusedAsync(server, server.Link with { Authority = other.Certificate });
    }

    [Fact]
    public async Task A_server_with_the_certificate_of_another_name_is_refused()
    {
        using var server = await NatsServer.StartAsync(usesTls: true);
        await RefusedAsync(server, server.Link with { Servers = [new Uri($"tls://localhost:{server.Port}")] });
    }

    [Fact]
    public async Task A_server_that_does_not_encrypt_is_refused_by_a_link_that_asks_for_it()
    {
        using var server = await NatsServer.StartAsync();
        using var authority = QueueAuthority.Create("any", DateTimeOffset.UtcNow);
        var link = server.Link with { Servers = [new Uri($"tls://127.0.0.1:{server.Port}")], Authority = authority.Certificate };
        await Assert.ThrowsAsync<QueueException>(() => server.ConnectAsync(link: link));
    }

    [Fact]
    public async Task A_link_that_does_not_encrypt_is_refused_by_a_server_that_asks_for_it()
    {
        using var server = await NatsServer.StartAsync(usesTls: true);
        await Assert.ThrowsAsync<QueueException>(() => server.ConnectAsync(link: server.Link with { Servers = [new Uri($"nats://127.0.0.1:{server.Port}")] }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stranger_is_refused(bool hasKey)
    {
        using var server = await NatsServer.StartAsync();
        await RefusedAsync(server, server.Link with { Key = hasKey ? new NatsQueueFactory().CreateKey().Seed : null });
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        using var server = await NatsServer.StartAsync();
        await RefusedAsync(server, server.Link with { Key = "nonsense" });
    }

    [Fact]
    public async Task An_account_sees_nothing_of_another()
    {
        using var server = await NatsServer.StartAsync(accounts: ["alice", "bob"]);
        await using var alice = await server.ConnectAsync(link: server.LinkOf(0));
        await using var bob = await server.ConnectAsync(link: server.LinkOf(1));
        await alice.CreateRunAsync("r1", Cancellation);
        await alice.Runs.PutAsync("r1", Bytes("open"), Cancellation);
        Assert.Empty(await bob.GetRunsAsync(Cancellation));
        Assert.Empty(await bob.Runs.GetAllAsync(Cancellation));
        Assert.Equal(QueueFault.Gone, (await Assert.ThrowsAsync<QueueException>(() => bob.OpenRun("r1").PublishWorkAsync("c1", Bytes("x"), "i", Cancellation))).Fault);
    }

    [Fact]
    public async Task What_a_key_may_not_do_is_told_as_such()
    {
        using var server = await NatsServer.StartAsync(reconfigure: text => text.Replace(" } ] }", ", permissions: { publish: { deny: \"ql.>\" } } } ] }", StringComparison.Ordinal));
        await using var engine = await server.ConnectAsync(new QueueEngineOptions { Timeout = TimeSpan.FromSeconds(3) });
        var run = await engine.CreateRunAsync("r1", Cancellation);
        Assert.Equal(QueueFault.Denied, (await Assert.ThrowsAsync<QueueException>(() => run.PublishWorkAsync("c1", Bytes("x"), "i", Cancellation))).Fault);
    }

    [Fact]
    public async Task A_server_without_JetStream_is_unsuitable()
    {
        using var server = await NatsServer.StartAsync(reconfigure: text => text.Replace("jetstream: enabled, ", "", StringComparison.Ordinal));
        Assert.Equal(QueueFault.Unsuitable, (await Assert.ThrowsAsync<QueueException>(() => server.ConnectAsync())).Fault);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unreachable()
    {
        using var server = await NatsServer.StartAsync();
        server.Kill();
        Assert.Equal(QueueFault.Unreachable, (await Assert.ThrowsAsync<QueueException>(() => server.ConnectAsync())).Fault);
    }

    private static async Task RefusedAsync(NatsServer server, QueueLink link) =>
        Assert.Equal(QueueFault.Denied, (await Assert.ThrowsAsync<QueueException>(() => server.ConnectAsync(link: link))).Fault);
}
