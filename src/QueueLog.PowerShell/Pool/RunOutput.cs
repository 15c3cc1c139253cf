using System.Globalization;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>All that a run yields, on its way to the streams of a command or a job. Used by one thread, but for <see cref="Expect"/>.</summary>
internal sealed class RunOutput : IDisposable
{
    private readonly IItemRun run;
    private readonly PoolOutput output;
    private readonly PoolProgress? progress;
    private readonly ItemCollector? collector;
    private readonly ItemLog? log;
    private long? total;

    /// <summary>Begins before the first item is added.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Where it all goes.</param>
    /// <param name="options">What is to be known of each item.</param>
    /// <param name="activity">What the run is called where its progress is shown; null when that is not shown.</param>
    public RunOutput(IItemRun run, PoolOutput output, CollectorOptions options, string? activity)
    {
        this.run = run;
        this.output = output;
        log = options.Log;
        collector = options.IsNeeded ? new ItemCollector(output, options) : null;
        progress = output.Progress = activity is null ? null : new PoolProgress(activity, () => run.Progress, output.WriteProgress, TimeProvider.System);
    }

    /// <summary>How many items there will be, where that is known before the input has ended.</summary>
    public long? Total
    {
        set
        {
            total = value;
            run.Expected = value ?? -1;
            if (progress is not null)
            {
                progress.Total = value ?? -1;
            }
        }
    }

    /// <summary>What became of a run that was stopped, in one line.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="atStop">How far the run was.</param>
    /// <returns>Null where the caller wants to see nothing of runs.</returns>
    public string? StopText(string pool, RunProgress atStop)
    {
        if (progress is null)
        {
            return null;
        }

        var cut = atStop.Workers.Count(worker => worker.State == WorkerState.Busy);
        var all = atStop.IsComplete ? atStop.Added : total > atStop.Added ? total : null;
        var left = all - atStop.Ended - cut is { } known ? string.Create(CultureInfo.CurrentCulture, $"{known:N0} not run") : "the rest not run";
        return string.Create(CultureInfo.CurrentCulture, $"Worker pool {pool} was stopped: {atStop.Ended:N0} {(atStop.Ended == 1 ? "item" : "items")} done, {cut:N0} cut short, {left}");
    }

    /// <summary>How long until <see cref="Show"/> has something to do; null for never.</summary>
    public TimeSpan? UntilDue => progress?.UntilDue;

    /// <summary>Announces an item, before it is added to the run.</summary>
    /// <returns>Whether it is to be added: a former run may have finished it.</returns>
    public bool Expect(WorkItem item)
    {
        if (collector is null)
        {
            return true;
        }

        var key = log?.KeyOf(item) ?? default;

        // What cannot be sent has no content that would tell it from others like it.
        var isSkipped = item.Payload.Length > 0 && log?.Skips(key) == true;
        collector.Expect(item, key, isSkipped);
        if (isSkipped && total > 0)
        {
            Total = total - 1;
        }

        return !isSkipped;
    }

    public void Write(WorkEvent workEvent)
    {
        try
        {
            if (collector is null)
            {
                output.Write(workEvent);
            }
            else
            {
                collector.Write(workEvent);
            }
        }
        finally
        {
            if (workEvent is WorkResults results)
            {
                results.Frame.Dispose();
            }
        }

        progress?.Show();
    }

    /// <summary>Shows what has changed without an event: how far the run is, and items that are not run.</summary>
    public void Show()
    {
        collector?.ReadAdded();
        progress?.Show();
    }

    /// <summary>Writes all that the run yields, and shows how far it is, until it is over.</summary>
    public async Task WriteAllAsync()
    {
        Task? pause = null;
        Task<bool> waited;
        do
        {
            while (run.Events.TryRead(out var workEvent))
            {
                Write(workEvent);
            }

            Show();
            waited = run.Events.WaitToReadAsync().AsTask();

            // One timer at a time: events may come far more often than there is something to show.
            while (!waited.IsCompleted && UntilDue is { } due && await Task.WhenAny(waited, pause ??= Task.Delay(due)).ConfigureAwait(false) != waited)
            {
                pause = null;
                Show();
            }
        }
        while (await waited.ConfigureAwait(false));

        Complete();
    }

    /// <summary>The run is over.</summary>
    /// <returns>What became of it, in a line; null where its progress was not shown.</returns>
    public string? Complete()
    {
        collector?.Complete();
        foreach (var missing in (run as QueueRun)?.MissingLogs ?? [])
        {
            output.Write(WorkEntryKind.Warning, QueueWarnings.LogMissing(missing));
        }

        output.Complete();
        return progress?.Complete();
    }

    public void Dispose() => log?.Dispose();
}
