using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace QueueLog.Transport;

/// <summary>Connects to a pipe name of the current user's.</summary>
internal static class PipeConnector
{
    /// <summary>Connects.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user listens there.</exception>
    public static async Task<PipeConnection> ConnectAsync(string address, TimeSpan timeout, CancellationToken cancellation)
    {
        var client = NewClient(address, PipeOptions.Asynchronous);
        try
        {
            await client.ConnectAsync((int)Math.Min(timeout.TotalMilliseconds, int.MaxValue), cancellation).ConfigureAwait(false);
            return Connected(client);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects on the calling thread, for a connection that is read and written without waiting asynchronously.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user listens there.</exception>
    public static PipeConnection Connect(string address, TimeSpan timeout)
    {
        // On Windows a pipe opened for synchronous use does one thing at a time: a waiting reader would hold up every write.
        var client = NewClient(address, OperatingSystem.IsWindows() ? PipeOptions.Asynchronous : PipeOptions.None);
        try
        {
            client.Connect((int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));
            return Connected(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Whether a living process has a name at this moment, however busy it is.</summary>
    public static bool IsAnswering(string address)
    {
        if (OperatingSystem.IsWindows())
        {
            return HasEnd(address);
        }

        try
        {
            using var client = new NamedPipeClientStream(".", address, PipeDirection.InOut, PipeOptions.None);
            client.Connect(0);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    // On Windows .NET compares the owners of tokens, and an elevated process is refused by another of the same user.
    private static NamedPipeClientStream NewClient(string address, PipeOptions options) =>
        new(".", PipeName.ToStreamName(address), PipeDirection.InOut, options | (OperatingSystem.IsWindows() ? PipeOptions.None : PipeOptions.CurrentUserOnly));

    private static PipeConnection Connected(NamedPipeClientStream client) => !OperatingSystem.IsWindows() || WindowsUser.IsOwnerOf(client)
        ? new PipeConnection(client)
        : throw new UnauthorizedAccessException("The pipe belongs to another user.");

    // To connect would tell only whether an end is free just now: where many come at once, none is, and the listener is no less there.
    [SupportedOSPlatform("windows")]
    private static bool HasEnd(string address)
    {
        const int NotFound = 2;
        const uint AsShortAsPossible = 1;
        return WaitNamedPipeW(address, AsShortAsPossible) || Marshal.GetLastPInvokeError() != NotFound;
    }

#pragma warning disable SYSLIB1054, CA5392 // nothing to marshal; kernel32 is never looked for in the application's folder
    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool WaitNamedPipeW(string name, uint milliseconds);
#pragma warning restore SYSLIB1054, CA5392
}
