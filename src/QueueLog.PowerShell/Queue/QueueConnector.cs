using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.Queue;

namespace QueueLog.PowerShell.Queue;

/// <summary>Connects commands to the queue of a link file.</summary>
internal static class QueueConnector
{
    /// <summary>Connects, or says why not.</summary>
    /// <param name="path">The link file.</param>
    /// <param name="client">What the server's own tools show.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The engine, or the error.</returns>
    public static async Task<(IQueueEngine? Engine, ErrorRecord? Error)> ConnectAsync(string path, string client, CancellationToken cancellation)
    {
        try
        {
            return (await QueueEngines.Factory.ConnectAsync(QueueLink.Read(path), new QueueEngineOptions { Name = client }, cancellation).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, QueueErrors.LinkNotFound(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, QueueErrors.LinkUnreadable(path, e));
        }
        catch (QueueLinkException e)
        {
            return (null, QueueErrors.LinkInvalid(path, e));
        }
        catch (QueueException e)
        {
            return (null, QueueErrors.Failed(e, path));
        }
    }
}
