using System.Net.Sockets;
using static QueueLog.Native.Libc;

namespace QueueLog.Transport;

/// <summary>Connects to a Unix socket without waiting for its listener.</summary>
// .NET's own pipe client takes a limit of time and does not keep to it: where the socket's queue is full, its connect blocks until
// the listener accepts somebody, and one that is stopped accepts nobody.
internal static class UnixPipeClient
{
    /// <summary>Tries once.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="connected">The connection; null without one.</param>
    /// <exception cref="UnauthorizedAccessException">This user may not go there.</exception>
    /// <exception cref="IOException">It cannot be tried, for want of descriptors say: that tells nothing about who listens.</exception>
    public static UnixPipeAnswer TryConnect(string path, out NetworkStream? connected)
    {
        connected = null;
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            SetBlocking(socket, isBlocking: false);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            SetBlocking(socket, isBlocking: true);
            connected = new NetworkStream(socket, ownsSocket: true);
            return UnixPipeAnswer.Connected;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return e.SocketErrorCode switch
            {
                SocketError.WouldBlock or SocketError.InProgress => UnixPipeAnswer.Busy,

                // In this order: nobody listens, there is no such file, it is no socket.
                SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.NotSocket => UnixPipeAnswer.Nobody,
                SocketError.AccessDenied => throw new UnauthorizedAccessException(e.Message, e),
                _ => throw new IOException(e.Message, e),
            };
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    // Not by Socket.Blocking: what that has once made non-blocking stays so for the system, and each later read that waits costs another
    // thread's wake-up. Elsewhere than on Linux a full queue refuses at once.
    private static void SetBlocking(Socket socket, bool isBlocking)
    {
        const int GetFlags = 3;
        const int SetFlags = 4;
        const int NonBlocking = 0x800;
        if (OperatingSystem.IsLinux())
        {
            var flags = fcntl((int)socket.Handle, GetFlags, 0);
            _ = fcntl((int)socket.Handle, SetFlags, isBlocking ? flags & ~NonBlocking : flags | NonBlocking);
        }
    }
}

/// <summary>What became of an attempt to connect.</summary>
internal enum UnixPipeAnswer
{
    /// <summary>Nobody listens.</summary>
    Nobody,

    /// <summary>Somebody listens, and has not yet accepted those who came before.</summary>
    Busy,

    /// <summary>There is a connection.</summary>
    Connected,
}
