using System.Text.Json;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool;

/// <summary>The pools of all processes of the user: each is asked at its own pipe, where its workers come in. Nothing is written for that.</summary>
internal static class PoolDirectory
{
    private delegate T? ReadAnswer<T>(ReadOnlySpan<byte> payload);

    // One that does not answer by then is stopped. On a machine with much to do one that works takes seconds.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Asks all pools.</summary>
    /// <returns>The state of those that answer, with the texts of the inputs.</returns>
    public static async Task<PoolStatus[]> FindAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(SharedProgress.FindAddresses().Select(address => Task.Run(() => AskAsync(address, cancellation), cancellation))).ConfigureAwait(false);
        return [.. answers.OfType<PoolStatus>()];
    }

    /// <summary>A state whose inputs are texts.</summary>
    public static PoolStatus WithTexts(PoolStatus status, Func<object?, string> describe) => Copy(status, input => input is null ? null : describe(input));

    /// <summary>A state with texts, as the frame that answers who asks.</summary>
    // JSON, since a pool and who asks it may be of different versions.
    public static byte[] ToFrame(PoolStatus status) => ToFrame(FrameType.PoolStatus, JsonSerializer.SerializeToUtf8Bytes(status));

    /// <summary>The frame that answers who asked for an item to stop.</summary>
    /// <param name="isAsked">Whether the item is under way, and is asked now.</param>
    public static byte[] ToFrame(bool isAsked) => ToFrame(FrameType.StopItemAnswer, [(byte)(isAsked ? 1 : 0)]);

    /// <exception cref="JsonException">It is no state.</exception>
    public static PoolStatus? Read(ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize<PoolStatus>(payload) is { } status ? Copy(status, static input => input is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString() : null) : null;

    /// <summary>Asks a pool to stop an item.</summary>
    /// <returns>False when the item is not under way, or the pool does not answer.</returns>
    public static async Task<bool> StopItemAsync(PoolStatus pool, long item, CancellationToken cancellation)
    {
        // Pools are not told apart by their addresses: the one is asked that gives this state.
        foreach (var address in SharedProgress.FindAddresses())
        {
            if (await AskAsync(address, cancellation).ConfigureAwait(false) is { } status && status.Pid == pool.Pid && status.Name == pool.Name && status.Started == pool.Started)
            {
                return await AskAsync(address, FrameType.StopItemRequest, BitConverter.GetBytes(item), FrameType.StopItemAnswer, static answer => answer is [1], cancellation).ConfigureAwait(false);
            }
        }

        return false;
    }

    private static byte[] ToFrame(FrameType type, ReadOnlySpan<byte> payload)
    {
        var writer = new ByteWriter();
        var frame = writer.BeginFrame(type);
        writer.WriteBytes(payload);
        writer.EndFrame(frame);
        return writer.Written.ToArray();
    }

    private static Task<PoolStatus?> AskAsync(string address, CancellationToken cancellation) =>
        AskAsync(address, FrameType.PoolStatusRequest, default, FrameType.PoolStatus, Read, cancellation);

    private static async Task<T?> AskAsync<T>(string address, FrameType question, ReadOnlyMemory<byte> payload, FrameType answer, ReadAnswer<T> read, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            // Of one that was killed the name is left, and nobody is to be waited for.
            if (!PipeConnector.IsAnswering(address))
            {
                return default;
            }

            var connection = await PipeConnector.ConnectAsync(address, Timeout, limit.Token).ConfigureAwait(false);
            await using var scope = connection.ConfigureAwait(false);
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            await connection.SendAsync(question, payload.Span, limit.Token).ConfigureAwait(false);
            return await connection.ReadAsync(limit.Token).ConfigureAwait(false) is { } frame && frame.Type == answer ? read(frame.Payload.Span) : default;
        }
#pragma warning disable CA1031 // whatever one name or answer is, the others are to be seen
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    private static PoolStatus Copy(PoolStatus status, Func<object?, string?> toText) => new()
    {
        Name = status.Name,
        Pid = status.Pid,
        Count = status.Count,
        State = status.State,
        ItemsDone = status.ItemsDone,
        ItemsFailed = status.ItemsFailed,
        ItemsWaiting = status.ItemsWaiting,
        ItemsEnded = status.ItemsEnded,
        ItemsRetried = status.ItemsRetried,
        ItemsTotal = status.ItemsTotal,
        Started = status.Started,
        RunStarted = status.RunStarted,
        LogPath = status.LogPath,
        LastFailures = Array.ConvertAll(status.LastFailures.ToArray(), failed => new FailedItem
        {
            Index = failed.Index,
            Input = toText(failed.Input),
            Status = failed.Status,
            Worker = failed.Worker,
            Ended = failed.Ended,
        }),
        Workers = Array.ConvertAll(status.Workers.ToArray(), worker => new WorkerStatus
        {
            Name = worker.Name,
            Pid = worker.Pid,
            State = worker.State,
            ItemsDone = worker.ItemsDone,
            CurrentItem = toText(worker.CurrentItem),
            ItemIndex = worker.ItemIndex,
            ItemStarted = worker.ItemStarted,
            Started = worker.Started,
        }),
    };
}
