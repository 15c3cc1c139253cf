namespace QueueLog.Transport;

/// <content>A stream that is no frames: its start can be looked at, and its bytes read as they come.</content>
internal sealed partial class PipeConnection
{
    // Cancelled when no more is to be received than what has been sent already.
    private readonly CancellationTokenSource lastCall = new();

    /// <summary>Id of the process at the other end; 0 where the system does not say.</summary>
    public int PeerPid => PipeSystem.PeerOf(stream);

    /// <summary>Looks at the first bytes without taking them.</summary>
    /// <param name="count">How many are wanted; fewer are returned at the end of the stream.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellation)
    {
        while (end - start < count)
        {
            var read = await ReadStreamAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        return buffer.AsMemory(start, end - start);
    }

    /// <summary>Reads what comes next, as it comes.</summary>
    /// <returns>How many bytes; 0 at the end of the stream, and when <see cref="StopReceiving"/> was called and everything sent before it was read.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask<int> ReadBytesAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (start == end)
        {
            return ReadStreamAsync(target, cancellation);
        }

        var count = Math.Min(target.Length, end - start);
        buffer.AsMemory(start, count).CopyTo(target);
        start += count;
        return new ValueTask<int>(count);
    }

    /// <summary>Takes only what the other end has sent already: its end need not be waited for.</summary>
    public void StopReceiving()
    {
        PipeSystem.CloseInput(stream);
        lastCall.Cancel();
    }

    private async ValueTask<int> ReadStreamAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (!lastCall.IsCancellationRequested)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lastCall.Token);
            try
            {
                return await stream.ReadAsync(target, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (lastCall.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
            }
        }

        return PipeSystem.HasNews(stream) ? await stream.ReadAsync(target, cancellation).ConfigureAwait(false) : 0;
    }
}
