using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using QueueLog.Diagnostics;
using static QueueLog.Native.Kernel32;

namespace QueueLog.Transport;

/// <summary>Connects to a pipe name of the current user's.</summary>
internal static class PipeConnector
{
    // Between two attempts on Unix, where there is no waiting for a place in the queue.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LastPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Connects.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    /// <exception cref="ForeignPipeException">Another user listens there.</exception>
    /// <exception cref="UnauthorizedAccessException">The system forbids it for another reason.</exception>
    /// <exception cref="IOException">It cannot be tried.</exception>
    public static async Task<PipeConnection> ConnectAsync(string address, TimeSpan timeout, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
        {
            var client = NewClient(address);
            try
            {
                await client.ConnectAsync(Milliseconds(timeout), cancellation).ConfigureAwait(false);
                return Connected(address, client);
            }
            catch (UnauthorizedAccessException e) when (e is not ForeignPipeException)
            {
                await client.DisposeAsync().ConfigureAwait(false);
                throw PipeOwner.Refusal(address, e);
            }
            catch
            {
                await client.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        var limit = new WaitLimit(timeout);
        for (var pause = FirstPause; ; pause = Next(pause))
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryConnect(address) is { } connection)
            {
                return connection;
            }

            await Task.Delay(WithinLimit(pause, limit, timeout, address), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Connects on the calling thread, for a connection that is read and written without waiting asynchronously.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    /// <exception cref="ForeignPipeException">Another user listens there.</exception>
    /// <exception cref="UnauthorizedAccessException">The system forbids it for another reason.</exception>
    /// <exception cref="IOException">It cannot be tried.</exception>
    public static PipeConnection Connect(string address, TimeSpan timeout)
    {
        if (OperatingSystem.IsWindows())
        {
            var client = NewClient(address);
            try
            {
                client.Connect(Milliseconds(timeout));
                return Connected(address, client);
            }
            catch (UnauthorizedAccessException e) when (e is not ForeignPipeException)
            {
                client.Dispose();
                throw PipeOwner.Refusal(address, e);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        var limit = new WaitLimit(timeout);
        for (var pause = FirstPause; ; pause = Next(pause))
        {
            if (TryConnect(address) is { } connection)
            {
                return connection;
            }

            Thread.Sleep(WithinLimit(pause, limit, timeout, address));
        }
    }

    /// <summary>Whether a living process has a name at this moment, however busy it is. Never waits for it.</summary>
    public static bool IsAnswering(string address)
    {
        if (OperatingSystem.IsWindows())
        {
            return HasEnd(address);
        }

        try
        {
            var answer = UnixPipeClient.TryConnect(address, out var stream);
            stream?.Dispose();
            return answer != UnixPipeAnswer.Nobody;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only a refusal shows that nobody listens. A caller that cannot even ask must not remove the name of a living listener.
            return true;
        }
    }

    private static PipeConnection? TryConnect(string address)
    {
        NetworkStream? stream;
        try
        {
            if (UnixPipeClient.TryConnect(address, out stream) != UnixPipeAnswer.Connected)
            {
                return null;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw PipeOwner.Refusal(address, e);
        }

        if (PipeSystem.IsOwnUser(stream!))
        {
            return new PipeConnection(stream!);
        }

        using (stream)
        {
            throw PipeOwner.Refusal(address, stream!);
        }
    }

    private static TimeSpan Next(TimeSpan pause) => pause * 2 < LastPause ? pause * 2 : LastPause;

    private static TimeSpan WithinLimit(TimeSpan pause, WaitLimit limit, TimeSpan timeout, string address)
    {
        var left = limit.Left();
        return left == TimeSpan.Zero
            ? throw new TimeoutException($"Nobody has let this process in at '{address}' within {timeout.TotalSeconds:0.###} s.")
            : left < pause ? left : pause;
    }

    [SupportedOSPlatform("windows")]
    private static int Milliseconds(TimeSpan timeout) => (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue);

    // .NET's check of the user compares the owners of tokens, and an elevated process is refused by another of the same user. A pipe
    // opened for synchronous use does one thing at a time: a waiting reader would hold up every write.
    [SupportedOSPlatform("windows")]
    private static NamedPipeClientStream NewClient(string address) =>
        new(".", PipeName.ToStreamName(address), PipeDirection.InOut, PipeOptions.Asynchronous);

    [SupportedOSPlatform("windows")]
    private static PipeConnection Connected(string address, NamedPipeClientStream client) => WindowsUser.IsOwnerOf(client)
        ? new PipeConnection(client)
        : throw PipeOwner.Refusal(address, client);

    // To connect would tell only whether an end is free just now: where many come at once, none is, and the listener is no less there.
    [SupportedOSPlatform("windows")]
    private static bool HasEnd(string address)
    {
        const int NotFound = 2;
        const uint AsShortAsPossible = 1;
        return WaitNamedPipeW(address, AsShortAsPossible) || Marshal.GetLastPInvokeError() != NotFound;
    }
}
