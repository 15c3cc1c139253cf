using QueueLog.Sinks;

namespace QueueLog.Queue;

/// <summary>Calls of a queue that are made until their outcome is known.</summary>
internal static class QueueCall
{
    /// <summary>Repeats a call that may be repeated while the server does not answer, or has no room.</summary>
    /// <exception cref="QueueException">Asking again does not help.</exception>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var pause = default(RetryPause); ;)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (QueueException e) when (e.Fault is QueueFault.Unreachable or QueueFault.Full)
            {
                await Task.Delay(pause.Next(), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RepeatAsync{T}"/>
    public static Task RepeatAsync(Func<Task> call, CancellationToken cancellation) => RepeatAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellation);

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
