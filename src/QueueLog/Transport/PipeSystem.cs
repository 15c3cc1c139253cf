using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using QueueLog.Native;
using static QueueLog.Native.Kernel32;
using static QueueLog.Native.Libc;

namespace QueueLog.Transport;

/// <summary>What the system knows of a pipe and .NET does not ask it.</summary>
internal static class PipeSystem
{
    private const short Readable = 1;
    private const short Writable = 4;
    private const int CredentialsLength = 3;

    /// <summary>Id of the process at the other end; 0 where the system does not say.</summary>
    public static int PeerOf(Stream stream) => Ask(stream, static pipe =>
        OperatingSystem.IsWindows() ? WindowsPeer(pipe)
        : OperatingSystem.IsLinux() ? LinuxPeer((int)pipe)
        : OperatingSystem.IsMacOS() ? MacPeer((int)pipe)
        : 0);

    /// <summary>Whether the process at the other end, which listens, is this user's. Not for Windows, where the pipe itself tells.</summary>
    public static bool IsOwnUser(Stream stream) => !OperatingSystem.IsWindows() && UserOf(stream) is { } user && user == FileStatus.User;

    /// <summary>Number of the user whose process listens at the other end; null where the system does not say. Not for Windows.</summary>
    public static uint? UserOf(Stream stream) => Ask(stream, static pipe => UserOfPeer((int)pipe));

    /// <summary>Whether the system can wait for a pipe's news with a limit of time. Windows waits for a pipe only without one.</summary>
    public static bool CanWait => !OperatingSystem.IsWindows();

    /// <summary>Waits until a read would return at once, where <see cref="CanWait"/>.</summary>
    /// <returns>False when the time is over, and perhaps before: then it is to be asked again.</returns>
    public static bool WaitForNews(Stream stream, TimeSpan atMost) => CanWait && Ask(stream, pipe => Poll((int)pipe, Readable, (int)atMost.TotalMilliseconds));

    /// <summary>Whether a read would return at once: there are bytes, or it is the end.</summary>
    public static bool HasNews(Stream stream) => Ask(stream, static pipe => OperatingSystem.IsWindows() ? WindowsHasNews(pipe) : UnixHasNews((int)pipe));

    /// <summary>
    /// Whether some ten thousand bytes can be written without waiting for the other end. Only Linux says so: there a socket that has
    /// room has three quarters of its buffer.
    /// </summary>
    public static bool HasRoom(Stream stream) => OperatingSystem.IsLinux() && Ask(stream, static pipe => Poll((int)pipe, Writable, 0));

    /// <summary>Takes nothing more from the other end, whose next write fails. What had been sent before can still be read.</summary>
    /// <remarks>Only Linux keeps what was sent before; elsewhere a writer learns of the end when the pipe is closed.</remarks>
    public static void CloseInput(Stream stream)
    {
        const int Reading = 0;
        if (OperatingSystem.IsLinux())
        {
            Ask(stream, static pipe => shutdown((int)pipe, Reading));
        }
    }

    // The pipe may be closed at any moment, and its number be another's: not before this is over.
    private static T? Ask<T>(Stream stream, Func<nint, T> ask)
    {
        SafeHandle? held = null;
        try
        {
            SafeHandle? handle = stream switch
            {
                PipeStream pipe => pipe.SafePipeHandle,
                NetworkStream socket => socket.Socket.SafeHandle,
                _ => null,
            };
            if (handle is null)
            {
                return default;
            }

            var isHeld = false;
            handle.DangerousAddRef(ref isHeld);
            held = handle;
            return ask(handle.DangerousGetHandle());
        }
        catch (Exception e) when (e is InvalidOperationException or EntryPointNotFoundException)
        {
            // Closed, or a system without this call.
            return default;
        }
        finally
        {
            held?.DangerousRelease();
        }
    }

    private static int WindowsPeer(nint pipe) => GetNamedPipeClientProcessId(pipe, out var pid) != 0 ? (int)pid : 0;

    private static bool WindowsHasNews(nint pipe) => PeekNamedPipe(pipe, 0, 0, 0, out var available, 0) != 0 && available > 0;

    private static int LinuxPeer(int socket)
    {
        Span<int> credentials = stackalloc int[CredentialsLength];
        return TryGetCredentials(socket, credentials) ? credentials[0] : 0;
    }

    /// <returns>The user's number; null where the system does not say.</returns>
    private static uint? UserOfPeer(int socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return getpeereid(socket, out var user, out _) == 0 ? user : null;
        }

        Span<int> credentials = stackalloc int[CredentialsLength];
        return TryGetCredentials(socket, credentials) ? (uint)credentials[1] : null;
    }

    // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    private static bool TryGetCredentials(int socket, Span<int> credentials)
    {
        const int SocketLevel = 1;
        var peerCredentials = RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 21 : 17;
        var length = credentials.Length * sizeof(int);
        return getsockopt(socket, SocketLevel, peerCredentials, ref credentials[0], ref length) == 0;
    }

    private static int MacPeer(int socket)
    {
        const int LocalLevel = 0;
        const int PeerPid = 2;
        var pid = 0;
        var length = sizeof(int);
        return getsockopt(socket, LocalLevel, PeerPid, ref pid, ref length) == 0 ? pid : 0;
    }

    private static bool UnixHasNews(int socket) => Poll(socket, Readable, 0);

    private static bool Poll(int socket, short events, int milliseconds)
    {
        var question = new PollQuestion { Descriptor = socket, Events = events };
        return poll(ref question, 1, milliseconds) > 0;
    }
}
