using System.Threading.Channels;
using QueueLog.Pool;

namespace QueueLog.Queue.Submission;

/// <summary>The events of a run on their way to its reader.</summary>
internal sealed class RunEvents
{
    // Results that were received and not taken: beyond this the histories are not read on.
    private const int Capacity = 64;

    private readonly object gate = new();

    // Written by who reads the histories, and by who adds items; read by the cmdlet or the job; completed when the run is over.
    private readonly Channel<WorkEvent> events = Channel.CreateBounded<WorkEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private Task posted = Task.CompletedTask;

    public ChannelReader<WorkEvent> Reader => events.Reader;

    /// <summary>Hands an event over, and waits while the reader is behind.</summary>
    public async Task WriteAsync(WorkEvent workEvent)
    {
        try
        {
            await events.Writer.WriteAsync(workEvent).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The run was stopped: no one wants it any more.
            (workEvent as WorkResults)?.Frame.Dispose();
        }
    }

    /// <summary>Hands an event over that must not wait here.</summary>
    public void Post(WorkEvent workEvent)
    {
        lock (gate)
        {
            posted = Task.WhenAll(posted, WriteAsync(workEvent));
        }
    }

    /// <summary>Completes when everything posted so far is where the reader finds it.</summary>
    public Task PostedAsync()
    {
        lock (gate)
        {
            return posted;
        }
    }

    public void Complete() => events.Writer.TryComplete();
}
