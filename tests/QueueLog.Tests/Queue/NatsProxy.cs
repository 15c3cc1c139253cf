using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using QueueLog.Queue;

namespace QueueLog.Tests.Queue;

/// <summary>Stands between clients and a server: what passes takes its time, and connections are cut when a test says so.</summary>
/// <param name="server">Port of the server.</param>
/// <param name="delays">The least and the most milliseconds that a piece takes.</param>
internal sealed class NatsProxy(int server, (int Least, int Most) delays) : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<TcpClient> open = [];
    private readonly List<Task> running = [];
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TcpClient[] held = [];

    /// <summary>How many connections were cut.</summary>
    public int Cuts { get; private set; }

    public static NatsProxy Start(NatsServer server, int least, int most)
    {
        var proxy = new NatsProxy(server.Port, (least, most));
        proxy.listener.Start();
        proxy.running.Add(proxy.AcceptLoopAsync());
        return proxy;
    }

    /// <summary>The link of those who are to come through it.</summary>
    public QueueLink Link(QueueLink link) => link with { Servers = [new Uri($"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")] };

    /// <summary>Cuts every connection, as a cable does: what is under way is lost.</summary>
    public void Cut()
    {
        lock (open)
        {
            foreach (var client in open)
            {
                client.LingerState = new LingerOption(true, 0);
                client.Dispose();
            }

            Cuts += open.Count;
            open.Clear();
        }
    }

    /// <summary>Holds back what clients send over the connections that are there.</summary>
    public void Hold()
    {
        lock (open)
        {
            held = [.. open];
        }
    }

    /// <summary>Lets through what is held back, and all that follows.</summary>
    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Task[] all;
        lock (open)
        {
            open.ForEach(static client => client.Dispose());
            all = [.. running];
        }

        await Task.WhenAll(all).WaitAsync(Support.TestTimeout.Limit);
    }

    private async Task AcceptLoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                lock (open)
                {
                    open.Add(client);
                    running.Add(ServeAsync(client));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var behind = new TcpClient();
        try
        {
            await behind.ConnectAsync(IPAddress.Loopback, server, stop.Token);
            await await Task.WhenAny(RelayAsync(client, behind), RelayAsync(behind, client));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            lock (open)
            {
                open.Remove(client);
            }

            client.Dispose();
        }
    }

    private async Task RelayAsync(TcpClient from, TcpClient to)
    {
        // Written by the reader of the one side, read by the writer to the other; completed by the former. A way has room for what is on it.
        var way = Channel.CreateUnbounded<(byte[] Piece, TimeSpan Due)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        await await Task.WhenAny(ReadAsync(from, way.Writer), WriteAsync(from, way.Reader, to));
    }

    private async Task ReadAsync(TcpClient from, ChannelWriter<(byte[] Piece, TimeSpan Due)> way)
    {
        var buffer = new byte[64 * 1024];
        for (int length; (length = await from.GetStream().ReadAsync(buffer, stop.Token)) > 0;)
        {
            way.TryWrite((buffer[..length], clock.Elapsed + TimeSpan.FromMilliseconds(Random.Shared.Next(delays.Least, delays.Most + 1))));
        }
    }

    private async Task WriteAsync(TcpClient from, ChannelReader<(byte[] Piece, TimeSpan Due)> way, TcpClient to)
    {
        await foreach (var (piece, due) in way.ReadAllAsync(stop.Token))
        {
            if (due - clock.Elapsed is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, stop.Token);
            }

            if (held.Contains(from))
            {
                await released.Task.WaitAsync(stop.Token);
            }

            await to.GetStream().WriteAsync(piece, stop.Token);
        }
    }
}
