using System.Collections.Concurrent;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>A connection by which records of other machines come to a listener, and on which it tells how far its log has them.</summary>
internal sealed class FeedConnection : IAsyncDisposable
{
    private readonly PipeConnection connection;
    private readonly Action<string, long> taken;
    private readonly Action<LogLevel> levelChanged;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> questions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ended = new();

    private FeedConnection(PipeConnection connection, Action<string, long> taken, Action<LogLevel> levelChanged)
    {
        this.connection = connection;
        this.taken = taken;
        this.levelChanged = levelChanged;
        connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
        Completion = Task.Run(ReadLoopAsync);
    }

    /// <summary>Completes when the connection is at its end, whoever ended it.</summary>
    public Task Completion { get; }

    /// <summary>Cancelled at its end.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Connects to a listener.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="taken">Hears up to where the log has the records of a spool.</param>
    /// <param name="levelChanged">Hears the lowest level that the listener writes, now and whenever that changes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">No one listens.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ProtocolException">What answers is no listener of this version.</exception>
    public static async Task<FeedConnection> ConnectAsync(string address, TimeSpan timeout, Action<string, long> taken, Action<LogLevel> levelChanged, CancellationToken cancellation)
    {
        var (connection, listener) = await ListenerGreeting.ExchangeAsync(address, timeout, onConnected: null, cancellation).ConfigureAwait(false);
        levelChanged(listener.WrittenLevel > listener.MinimumLevel ? listener.WrittenLevel : listener.MinimumLevel);
        return new FeedConnection(connection, taken, levelChanged);
    }

    /// <summary>Asks up to where the log has the records of a spool.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<long> AskAsync(string key, CancellationToken cancellation)
    {
        var question = questions.GetOrAdd(key, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        await SendAsync(key, 0, 0, default, cancellation).ConfigureAwait(false);
        if (await Task.WhenAny(question.Task, Completion).WaitAsync(cancellation).ConfigureAwait(false) != question.Task)
        {
            throw new IOException("The listener has ended.");
        }

        return await question.Task.ConfigureAwait(false);
    }

    /// <summary>Hands records over. They are in the log when that says so.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="previous">Where the records before these end.</param>
    /// <param name="start">Where these begin.</param>
    /// <param name="records">Whole records, each with its process.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask SendAsync(string key, long previous, long start, ReadOnlyMemory<byte> records, CancellationToken cancellation)
    {
        var head = new ByteWriter(128);
        var frame = FeedCodec.BeginFeed(head, key, previous, start);
        head.EndFrame(frame, records.Length);
        return connection.SendAsync([head.WrittenMemory, records], cancellation);
    }

    /// <summary>Has the log say that the log of a machine has not come to its end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask SendMissingAsync(string host, DateTimeOffset since, CancellationToken cancellation)
    {
        var output = new ByteWriter(128);
        FeedCodec.WriteMissing(output, host, since);
        return connection.SendAsync(output.WrittenMemory, cancellation);
    }

    /// <summary>Ends it behind everything that was sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await SayGoodbyeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        ended.Dispose();
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            while (await connection.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } frame)
            {
                switch (frame.Type)
                {
                    case FrameType.FeedTaken:
                        var (key, position) = FeedCodec.ReadTaken(frame);
                        taken(key, position);
                        if (questions.TryRemove(key, out var question))
                        {
                            question.SetResult(position);
                        }

                        break;
                    case FrameType.Level:
                        // What is under way and not wanted it leaves out itself.
                        levelChanged(LevelCodec.ReadLevel(frame).Levels.Written);
                        await connection.SendAsync(FrameType.LevelTaken, frame.Payload.Span[..sizeof(long)], CancellationToken.None).ConfigureAwait(false);
                        break;
                    case FrameType.Closing:
                        await SayGoodbyeAsync().ConfigureAwait(false);
                        return;
                }
            }
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
            // What is not in the log comes again.
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task SayGoodbyeAsync()
    {
        try
        {
            await connection.SendAsync(FrameType.Goodbye, stackalloc byte[sizeof(long)], CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
        }
    }
}
