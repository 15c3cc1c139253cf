namespace QueueLog.Transport;

/// <summary>One end of a pipe name that waits for its client, from the moment it is made.</summary>
internal abstract class PipeInstance : IAsyncDisposable
{
    /// <summary>Completes with the stream when there is a client, and fails when that was none of the user's or could not be accepted.</summary>
    public abstract Task<Stream> Connected { get; }

    /// <summary>Waits no longer. A client that has come already is in <see cref="Connected"/> all the same.</summary>
    public abstract void StopWaiting();

    /// <summary>Closes the end, whether or not a client has connected.</summary>
    public abstract ValueTask DisposeAsync();
}
