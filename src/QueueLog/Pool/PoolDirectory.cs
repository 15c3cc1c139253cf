using System.Text.Json;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool;

/// <summary>The pools of all processes of the user: each is asked at its own pipe, where its workers come in. Nothing is written for that.</summary>
internal static class PoolDirectory
{
    // One that does not answer by then has just ended, or is stopped.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

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
    public static byte[] ToFrame(PoolStatus status)
    {
        var writer = new ByteWriter();
        var frame = writer.BeginFrame(FrameType.PoolStatus);
        writer.WriteBytes(JsonSerializer.SerializeToUtf8Bytes(status));
        writer.EndFrame(frame);
        return writer.Written.ToArray();
    }

    /// <exception cref="JsonException">It is no state.</exception>
    public static PoolStatus? Read(ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize<PoolStatus>(payload) is { } status ? Copy(status, static input => input is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString() : null) : null;

    private static async Task<PoolStatus?> AskAsync(string address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            // Of one that was killed the name is left, and nobody is to be waited for.
            if (!PipeConnector.IsAnswering(address))
            {
                return null;
            }

            var connection = await PipeConnector.ConnectAsync(address, Timeout, limit.Token).ConfigureAwait(false);
            await using var scope = connection.ConfigureAwait(false);
            connection.MaxFrameLength = ProtocolLimits.MaxFrameLength;
            await connection.SendAsync(FrameType.PoolStatusRequest, default, limit.Token).ConfigureAwait(false);
            return await connection.ReadAsync(limit.Token).ConfigureAwait(false) is { Type: FrameType.PoolStatus } frame ? Read(frame.Payload.Span) : null;
        }
#pragma warning disable CA1031 // whatever one name or answer is, the others are to be seen
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return null;
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
        Started = status.Started,
        Workers = Array.ConvertAll(status.Workers.ToArray(), worker => new WorkerStatus
        {
            Name = worker.Name,
            Pid = worker.Pid,
            State = worker.State,
            ItemsDone = worker.ItemsDone,
            CurrentItem = toText(worker.CurrentItem),
            ItemStarted = worker.ItemStarted,
            Started = worker.Started,
        }),
    };
}
