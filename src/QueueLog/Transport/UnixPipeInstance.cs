using System.IO.Pipes;

namespace QueueLog.Transport;

/// <summary>An end on Unix, where all ends of a name share one socket and its queue.</summary>
internal sealed class UnixPipeInstance : PipeInstance
{
    private readonly NamedPipeServerStream server;

    // The socket outlives this end where others have a client, and with it the wait.
    private readonly CancellationTokenSource stopWaiting = new();

    private UnixPipeInstance(NamedPipeServerStream server)
    {
        this.server = server;
        Connected = WaitAsync();
    }

    public override Task<Stream> Connected { get; }

    /// <exception cref="IOException">The name is taken: a file has it, and this was to be its first end.</exception>
    public static UnixPipeInstance Create(string path, bool first) => new(new NamedPipeServerStream(
        path,
        PipeDirection.InOut,
        NamedPipeServerStream.MaxAllowedServerInstances,
        PipeTransmissionMode.Byte,
        PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | (first ? PipeOptions.FirstPipeInstance : 0)));

    public override void StopWaiting() => stopWaiting.Cancel();

    public override ValueTask DisposeAsync()
    {
        StopWaiting();
        return server.DisposeAsync();
    }

    private async Task<Stream> WaitAsync()
    {
        await server.WaitForConnectionAsync(stopWaiting.Token).ConfigureAwait(false);
        return server;
    }
}
