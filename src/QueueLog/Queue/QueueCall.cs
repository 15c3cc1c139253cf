using QueueLog.Queue.History;
using QueueLog.Sinks;

namespace QueueLog.Queue;

/// <summary>Calls of a queue that are made until their outcome is known.</summary>
internal static class QueueCall
{
    /// <summary>Bytes of items or results that go with a message; more go by a blob.</summary>
    public const int MaxInline = 512 * 1024;

    /// <summary>Bytes of a blob that is read.</summary>
    public const long MaxBlob = int.MaxValue;

    /// <summary>Repeats a call that may be repeated while the server does not answer, or has no room.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="waitsForRoom">Whether room is waited for.</param>
    /// <param name="told">Told of each fault that is waited out.</param>
    /// <exception cref="QueueException">Asking again does not help.</exception>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellation, bool waitsForRoom = true, Action<QueueException>? told = null)
    {
        for (var pause = default(RetryPause); ;)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (QueueException e) when (e.Fault == QueueFault.Unreachable || (e.Fault == QueueFault.Full && waitsForRoom))
            {
                told?.Invoke(e);
                await Task.Delay(pause.Next(), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RepeatAsync{T}"/>
    public static Task RepeatAsync(Func<Task> call, CancellationToken cancellation, Action<QueueException>? told = null) => RepeatAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellation,
        told: told);

    /// <summary>Repeats a call, whatever the server says, until it succeeds or the run is gone.</summary>
    /// <param name="call">The call.</param>
    /// <param name="told">Told of each fault, and of the success by null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QueueException">The run is gone.</exception>
    public static async Task InsistAsync(Func<Task> call, Action<QueueException?> told, CancellationToken cancellation)
    {
        for (var pause = default(RetryPause); ;)
        {
            try
            {
                await call().ConfigureAwait(false);
                told(null);
                return;
            }
            catch (QueueException e) when (e.Fault != QueueFault.Gone)
            {
                told(e);
            }

            await Task.Delay(pause.Next(), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Begins a history with an offer.</summary>
    /// <returns>Sequence of the offer.</returns>
    /// <exception cref="QueueException">Asking again does not help.</exception>
    public static async Task<long> OfferAsync(IQueueRun run, string name, ChunkOffer offer, CancellationToken cancellation, Action<QueueException>? told = null)
    {
        var message = HistoryCodec.Encode(offer);
        var outcome = await RepeatAsync(() => run.AppendAsync(name, message, 0, name, cancellation), cancellation, told: told).ConfigureAwait(false);
        return outcome.Result != AppendResult.Refused ? outcome.Sequence
            : (await RepeatAsync(() => run.ReadHistoryAsync(name, cancellation), cancellation).ConfigureAwait(false))[0].Sequence;
    }

    /// <summary>Makes a call that helps if it succeeds, and may as well not.</summary>
    public static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is QueueException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
