using QueueLog.Diagnostics;
using QueueLog.Sinks;

namespace QueueLog.Queue.Hosts;

/// <summary>Says again and again that a host lives, and what it is at.</summary>
/// <param name="table">Where.</param>
/// <param name="interval">How often.</param>
/// <param name="entry">What it says.</param>
/// <param name="failures">Told when the server does not hear it, and when it does again.</param>
internal sealed class HostHeartbeat(IQueueTable table, TimeSpan interval, Func<HostEntry> entry, FailureLog failures)
{
    // A change is to be seen soon; a busy host has many.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);

    // Of a server that is only restarted nobody needs to hear.
    private const int FaultsUntilTold = 3;

    private readonly CancellationTokenSource stop = new();
    private readonly WakeSignal hastened = new();

    /// <summary>Completes when it was stopped, or another process has the host's name.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Whether another process has the host's name now.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Says it the first time.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    /// <exception cref="HostNameInUseException">Another process has the host's name.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await CheckNameAsync(cancellation).ConfigureAwait(false);
        var first = entry();
        await table.PutAsync(first.Host, first.Encode(), cancellation).ConfigureAwait(false);
        Completion = Task.Run(BeatAsync, CancellationToken.None);
    }

    /// <summary>Says it now, since something has changed.</summary>
    public void Hasten() => hastened.Set();

    /// <summary>Says that the host has ended.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        if (!IsSuperseded)
        {
            await QueueCall.TryAsync(() => table.DeleteAsync(entry().Host, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private async Task BeatAsync()
    {
        var faults = 0;
        string? told = null;
        for (var pause = default(RetryPause); !stop.IsCancellationRequested;)
        {
            await Task.WhenAny(hastened.WaitAsync(interval, stop.Token)).ConfigureAwait(false);
            try
            {
                var own = entry();
                if (await table.GetAsync(own.Host, stop.Token).ConfigureAwait(false) is { } present && HostEntry.Decode(present.Value.Span)?.Incarnation != own.Incarnation)
                {
                    IsSuperseded = true;
                    return;
                }

                await table.PutAsync(own.Host, own.Encode(), stop.Token).ConfigureAwait(false);
                if (told is not null)
                {
                    failures.Report("queue", FailureSeverity.Temporary, "The host goes on: the server answers again.");
                }

                (pause, faults, told) = (default, 0, null);
                await Task.Delay(LeastPause, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
            }
            catch (QueueException e)
            {
                if (++faults >= FaultsUntilTold && e.Message != told)
                {
                    told = e.Message;
                    failures.Report("queue", FailureSeverity.Temporary, $"The host waits, and tries again: {e.Message}", e);
                }

                await Task.WhenAny(Task.Delay(pause.Next(), stop.Token)).ConfigureAwait(false);

                // A submitter counts from when the server is back for itself: the interval is not to be added to the pause.
                hastened.Set();
            }
        }
    }

    // A former life on this machine that is dead leaves the name at once; one on another machine when it is silent for two beats.
    private async Task CheckNameAsync(CancellationToken cancellation)
    {
        if (await table.GetAsync(entry().Host, cancellation).ConfigureAwait(false) is { } present
            && HostEntry.Decode(present.Value.Span) is { } other
            && await other.FindOwnerAsync(table, present, (2 * interval) + LeastPause, cancellation).ConfigureAwait(false) == OwnerState.Alive)
        {
            throw new HostNameInUseException(other.Host, other.Machine, other.Pid);
        }
    }
}
