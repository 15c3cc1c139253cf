using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using QueueLog.Pool.State;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Processes;

/// <summary>Where a pool's workers come in: its pipe, and the token by which each proves whose it is.</summary>
internal sealed class WorkerAcceptor : IAsyncDisposable
{
    // How long to wait when a worker cannot be let in for want of file descriptors.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly PipeAcceptor acceptor;
    private readonly TimeSpan timeout;
    private readonly CancellationTokenSource closing = new();

    /// <summary>Opens the pipe under a name of its own.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder belongs to someone else.</exception>
    public WorkerAcceptor(TimeSpan timeout)
    {
        this.timeout = timeout;
        StateFolder.Ensure();
        acceptor = PipeAcceptor.Open(PipeName.ToAddress("pool-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(8))));
    }

    public string Address => acceptor.Address;

    /// <summary>Cancelled when no more are let in.</summary>
    public CancellationToken Closing => closing.Token;

    public static string NewToken() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Lets workers in until it is closed, and tells who asks how the pool is.</summary>
    public async Task WatchAsync(PoolState pool, Func<PoolStatus> status, Func<long, bool> stopItem)
    {
        try
        {
            while (true)
            {
                try
                {
                    var connection = await acceptor.AcceptAsync(closing.Token).ConfigureAwait(false);
                    _ = Task.Factory.StartNew(() => Greet(connection, pool, status, stopItem), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    // The worker waits to be let in; others that end give some back.
                    await Task.Delay(RetryPause, closing.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await acceptor.DisposeAsync().ConfigureAwait(false);
    }

    // Not by the thread pool: a connection that was once waited for in this way has every later message noticed there first.
    private void Greet(PipeConnection connection, PoolState pool, Func<PoolStatus> status, Func<long, bool> stopItem)
    {
        try
        {
            using var deadline = new Timer(_ => _ = connection.DisposeAsync().AsTask(), null, timeout, Timeout.InfiniteTimeSpan);
            var first = connection.Read();
            if (first is { Type: FrameType.PoolStatusRequest })
            {
                connection.Send(PoolDirectory.ToFrame(status()));
            }
            else if (first is { Type: FrameType.StopItemRequest } request)
            {
                var reader = new SpanReader(request.Payload.Span);
                connection.Send(PoolDirectory.ToFrame(stopItem(reader.ReadInt64())));
            }
            else if (first is { Type: FrameType.WorkerHello } frame)
            {
                var (token, _) = WorkCodec.ReadHello(frame.Payload.Span);
                foreach (var worker in pool.Workers)
                {
                    if (worker.Process?.OsProcess is { } process && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(process.Token), Encoding.UTF8.GetBytes(token)))
                    {
                        connection.Trust();
                        process.Greet(connection);
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever it was is none of this pool's workers.
        }

        _ = connection.DisposeAsync().AsTask();
    }
}
