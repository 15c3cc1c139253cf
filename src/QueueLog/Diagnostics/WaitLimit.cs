namespace QueueLog.Diagnostics;

/// <summary>How long somebody else is waited for. Time in which this process did not run itself does not count: the other had no chance to answer then, either.</summary>
// A machine is suspended, moved to another host, or has so much else to do that nothing of ours runs for many seconds. By the clock
// alone, whoever waits for a listener would take it for dead the moment both go on.
internal sealed class WaitLimit(TimeSpan limit, TimeProvider? time = null)
{
    /// <summary>What counts at most from one look to the next; whoever waits looks more often.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private long last = (time ?? TimeProvider.System).GetTimestamp();
    private TimeSpan left = limit;

    /// <summary>Whether it is over. Looks at the clock.</summary>
    public bool IsOver => Left == TimeSpan.Zero;

    /// <summary>What is left of it. Looks at the clock.</summary>
    public TimeSpan Left
    {
        get
        {
            var now = time.GetTimestamp();
            var step = time.GetElapsedTime(last, now);
            last = now;
            left -= step < LongestStep ? step : LongestStep;
            return left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Cancels when it is over, as long as the result is not disposed.</summary>
    public IDisposable CancelAtEnd(CancellationTokenSource cancellation)
    {
        var gate = new object();
        return time.CreateTimer(Look, null, Step, Step);

        void Look(object? state)
        {
            // Two at a time where the first was held up.
            lock (gate)
            {
                if (IsOver && !cancellation.IsCancellationRequested)
                {
                    cancellation.Cancel();
                }
            }
        }
    }
}
