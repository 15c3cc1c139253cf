using System.IO.Pipes;

namespace QueueLog.Transport;

/// <summary>Connects to a pipe name of the current user's.</summary>
internal static class PipeConnector
{
    /// <summary>Connects.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    public static async Task<PipeConnection> ConnectAsync(string address, TimeSpan timeout, CancellationToken cancellation)
    {
        var client = new NamedPipeClientStream(".", PipeName.ToStreamName(address), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await client.ConnectAsync((int)Math.Min(timeout.TotalMilliseconds, int.MaxValue), cancellation).ConfigureAwait(false);
            return new PipeConnection(client);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects on the calling thread, for a connection that is read and written without waiting asynchronously.</summary>
    /// <exception cref="TimeoutException">No one listens, or the listener is busy for all of the time.</exception>
    public static PipeConnection Connect(string address, TimeSpan timeout)
    {
        // On Windows a pipe opened for synchronous use does one thing at a time: a waiting reader would hold up every write.
        var options = PipeOptions.CurrentUserOnly | (OperatingSystem.IsWindows() ? PipeOptions.Asynchronous : PipeOptions.None);
        var client = new NamedPipeClientStream(".", PipeName.ToStreamName(address), PipeDirection.InOut, options);
        try
        {
            client.Connect((int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));
            return new PipeConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Whether a living process accepts connections on a name at this moment.</summary>
    public static bool IsAnswering(string address)
    {
        try
        {
            using var client = new NamedPipeClientStream(".", PipeName.ToStreamName(address), PipeDirection.InOut, PipeOptions.None);
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
}
