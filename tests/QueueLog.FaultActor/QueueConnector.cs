using QueueLog.Nats;
using QueueLog.Queue;

namespace QueueLog.FaultActor;

/// <summary>Connects an actor to the queue.</summary>
internal static class QueueConnector
{
    // What has no answer is soon asked again: the server may be dead or frozen.
    private static readonly QueueEngineOptions Options = new() { Timeout = TimeSpan.FromSeconds(2), MaxLogBytes = 64 * 1024 * 1024, MaxWorkBytes = 64 * 1024 * 1024 };

    public static async Task<IQueueEngine> ConnectAsync(string link)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                return await new NatsQueueFactory().ConnectAsync(QueueLink.Read(link), Options, deadline.Token);
            }
            catch (QueueException e) when (e.Fault == QueueFault.Unreachable)
            {
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
