using System.Net.Sockets;

namespace QueueLog.Transport;

/// <summary>Owns a pipe name and hands out its connections. Only the current user's processes can connect.</summary>
// One accepts at a time; it may be disposed meanwhile.
internal sealed class PipeAcceptor : IAsyncDisposable
{
    // On Windows a client needs an end that is free: as many come at once as there are, and who finds none must try again. On Unix
    // they stand in the socket's queue.
    private static readonly int Ends = OperatingSystem.IsWindows() ? 16 : 1;

    private readonly object gate = new();

    // Guarded by gate.
    private readonly List<PipeInstance> waiting = [];
    private bool isEnded;
    private bool isDisposed;

    private PipeAcceptor(string address)
    {
        Address = address;
        waiting.Add(Create(first: true));
        Refill();
    }

    public string Address { get; }

    /// <summary>Takes the name, and a socket file left by a crash with it.</summary>
    /// <exception cref="PipeInUseException">A living process answers on it.</exception>
    public static PipeAcceptor Open(string address)
    {
        var folder = StateFolder.Ensure();
        if (OperatingSystem.IsWindows())
        {
            SocketFiles.RemoveDeadBeside(folder);
            try
            {
                return new PipeAcceptor(address);
            }
            catch (UnauthorizedAccessException)
            {
                throw new PipeInUseException(address);
            }
        }

        var dead = SocketFiles.FindDead(folder);
        using (TakeOverLock.Enter(folder))
        {
            SocketFiles.RemoveDead(folder, dead);
            try
            {
                return new PipeAcceptor(address);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(address))
            {
                // The name is a socket file. An answer means that it is in use, silence that its owner is dead.
                if (PipeConnector.IsAnswering(address))
                {
                    throw new PipeInUseException(address);
                }

                File.Delete(address);
                return new PipeAcceptor(address);
            }
        }
    }

    /// <summary>Waits for the next connection.</summary>
    /// <exception cref="IOException">No end can be made for it.</exception>
    /// <exception cref="SocketException">It cannot be accepted, for want of descriptors say; it is worth another try.</exception>
    public async ValueTask<PipeConnection> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Refill();
            var first = await Task.WhenAny(Waiting().Select(end => end.Connected)).WaitAsync(cancellation).ConfigureAwait(false);
            var end = Remove(first);

            // The successor must exist before anyone can dispose this one: the name is freed with the last.
            Refill();
            if (first.IsCompletedSuccessfully)
            {
                return new PipeConnection(await first.ConfigureAwait(false));
            }

            await end.DisposeAsync().ConfigureAwait(false);
            if (first.Exception?.InnerException is SocketException)
            {
                await first.ConfigureAwait(false);
            }

            // The peer was another user, or gone again before it was accepted.
        }
    }

    /// <summary>Lets no more in, without giving up the name: for where they do not stand in a queue.</summary>
    /// <returns>Those that have come already.</returns>
    public async Task<IReadOnlyList<PipeConnection>> AcceptLastAsync()
    {
        lock (gate)
        {
            isEnded = true;
        }

        var come = new List<PipeConnection>();
        var ends = Waiting();
        Array.ForEach(ends, end => end.StopWaiting());
        foreach (var end in ends)
        {
            try
            {
                come.Add(new PipeConnection(await end.Connected.ConfigureAwait(false)));
                Remove(end.Connected);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Nobody came to it. It stays for the name's sake.
            }
        }

        return come;
    }

    public async ValueTask DisposeAsync()
    {
        PipeInstance[] ends;
        lock (gate)
        {
            isDisposed = true;
            ends = [.. waiting];
            waiting.Clear();
        }

        foreach (var end in ends)
        {
            await end.DisposeAsync().ConfigureAwait(false);
        }
    }

    private PipeInstance[] Waiting()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return [.. waiting];
        }
    }

    private PipeInstance Remove(Task<Stream> connected)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var at = waiting.FindIndex(end => ReferenceEquals(end.Connected, connected));
            var end = waiting[at];
            waiting.RemoveAt(at);
            return end;
        }
    }

    private void Refill()
    {
        lock (gate)
        {
            while (waiting.Count < Ends && !isEnded && !isDisposed)
            {
                try
                {
                    waiting.Add(Create(first: false));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // One is enough to go on.
                    if (waiting.Count > 0)
                    {
                        return;
                    }

                    throw e as IOException ?? new PipeInUseException(Address);
                }
            }
        }
    }

    private PipeInstance Create(bool first) => OperatingSystem.IsWindows() ? WindowsPipeInstance.Create(Address, first) : UnixPipeInstance.Create(Address, first);
}

/// <summary>Another process owns the pipe name.</summary>
internal sealed class PipeInUseException(string address) : IOException($"The pipe '{address}' is in use.")
{
    public string Address { get; } = address;
}
