using QueueLog.Sinks.Queued;

namespace QueueLog.Listener;

/// <summary>A listener's sinks that stand behind queues. Used by the dispatcher's thread.</summary>
internal sealed class QueuedSinks
{
    private readonly QueuedSink[] sinks;

    /// <param name="sinks">The sinks.</param>
    /// <param name="wake">Called by their threads when there is something to be told.</param>
    public QueuedSinks(IEnumerable<QueuedSink> sinks, Action wake)
    {
        this.sinks = [.. sinks];
        Array.ForEach(this.sinks, sink => sink.Metrics.OnEvent = wake);
    }

    /// <summary>Tells the log what went wrong at them.</summary>
    public void ReportTroubles(ListenerEvents own)
    {
        foreach (var sink in sinks)
        {
            while (sink.Metrics.TryDequeueEvent(out var sinkEvent))
            {
                if (!sink.ReportsToLog)
                {
                    continue;
                }

                // What a sink fails at would make it fail again, and again be told.
                var wasMuted = sink.IsMuted;
                sink.IsMuted = wasMuted || sinkEvent.Failure is not null;
                own.SinkTrouble(sink.Name, sinkEvent);
                sink.IsMuted = wasMuted;
            }
        }
    }

    /// <summary>Lets them take the rest. What they lack then the log still says.</summary>
    public void Close(TimeSpan timeout, ListenerEvents own)
    {
        // All at once: one that hangs must not take the others' time.
        Task.WaitAll([.. sinks.Select(sink => Task.Run(() => sink.Close(timeout)))]);
        Array.ForEach(sinks, sink => sink.IsMuted = true);
        ReportTroubles(own);
    }
}
