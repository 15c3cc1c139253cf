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

    /// <summary>Looks at the clock: whether it is over.</summary>
    public bool IsOver() => Left() == TimeSpan.Zero;

    /// <summary>Looks at the clock: what is left of it.</summary>
    public TimeSpan Left()
    {
        var now = time.GetTimestamp();
        var step = time.GetElapsedTime(last, now);
        last = now;
        left -= step < LongestStep ? step : LongestStep;
        return left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Waits for a task.</summary>
    /// <returns>False when the limit is over first.</returns>
    public async Task<bool> CompletesAsync(Task task)
    {
        while (!task.IsCompleted && Left() is var rest && rest > TimeSpan.Zero)
        {
            await Task.WhenAny(task, Task.Delay(rest < Step ? rest : Step)).ConfigureAwait(false);
        }

        return task.IsCompleted;
    }

    /// <summary>Cancels when it is over, as long as the result is not disposed.</summary>
    public IDisposable CancelAtEnd(CancellationTokenSource cancellation) => new End(this, cancellation);

    private sealed class End : IDisposable
    {
        private readonly WaitLimit limit;
        private readonly CancellationTokenSource cancellation;
        private readonly object gate = new();
        private readonly ITimer timer;
        private bool isDone;

        public End(WaitLimit limit, CancellationTokenSource cancellation)
        {
            this.limit = limit;
            this.cancellation = cancellation;
            timer = limit.time.CreateTimer(_ => Look(), null, Step, Step);
        }

        // A look that is under way is over before: what it cancels may be disposed next.
        public void Dispose()
        {
            lock (gate)
            {
                isDone = true;
            }

            timer.Dispose();
        }

        private void Look()
        {
            lock (gate)
            {
                if (!isDone && limit.IsOver())
                {
                    isDone = true;
                    cancellation.Cancel();
                }
            }
        }
    }
}
