using System.IO.Pipes;

namespace QueueLog.Transport;

/// <summary>Owns a pipe name and hands out its connections. Only the current user's processes can connect.</summary>
internal sealed class PipeAcceptor : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly string streamName;
    private NamedPipeServerStream? next;
    private int disposed;

    private PipeAcceptor(string address, NamedPipeServerStream first)
    {
        Address = address;
        streamName = PipeName.ToStreamName(address);
        next = first;
    }

    public string Address { get; }

    /// <summary>Takes the name, and a socket file left by a crash with it.</summary>
    /// <exception cref="PipeInUseException">A living process answers on it.</exception>
    public static PipeAcceptor Open(string address)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return Claim(address);
            }
            catch (UnauthorizedAccessException)
            {
                throw new PipeInUseException(address);
            }
        }

        var folder = StateFolder.Ensure();
        using (TakeOverLock.Enter(folder))
        {
            SocketFiles.RemoveDead(folder);
            try
            {
                return Claim(address);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(address))
            {
                // The name is a socket file. An answer means that it is in use, silence that its owner is dead.
                if (PipeConnector.IsAnswering(address))
                {
                    throw new PipeInUseException(address);
                }

                File.Delete(address);
                return Claim(address);
            }
        }
    }

    /// <summary>Waits for the next connection.</summary>
    public async ValueTask<PipeConnection> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var server = next ?? throw new ObjectDisposedException(nameof(PipeAcceptor));
            try
            {
                await server.WaitForConnectionAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The peer was another user, or gone again before it was accepted.
                await RenewAsync(server).ConfigureAwait(false);
                continue;
            }

            // The successor must exist before anyone can dispose this one: the name is freed with the last stream.
            next = Create(streamName, first: false);
            return new PipeConnection(server);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0 && next is { } last)
        {
            next = null;
            await last.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static PipeAcceptor Claim(string address) => new(address, Create(PipeName.ToStreamName(address), first: true));

    private async ValueTask RenewAsync(NamedPipeServerStream failed)
    {
        next = Create(streamName, first: false);
        await failed.DisposeAsync().ConfigureAwait(false);
    }

    private static NamedPipeServerStream Create(string streamName, bool first) => new(
        streamName,
        PipeDirection.InOut,
        NamedPipeServerStream.MaxAllowedServerInstances,
        PipeTransmissionMode.Byte,
        PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | (first ? PipeOptions.FirstPipeInstance : 0),
        BufferSize,
        BufferSize);
}
