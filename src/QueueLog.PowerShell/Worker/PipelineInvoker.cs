using System.Management.Automation;
using System.Management.Automation.Host;
using QueueLog.Pool.Child;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.PowerShell.Worker;

/// <summary>Runs the worker's pipelines, one at a time, with their streams on their way to the pool; other threads stop the one that runs.</summary>
internal sealed class PipelineInvoker(WorkerLoop loop, WorkerStreams streams, PSHost host)
{
    // Flow control exceptions come out, so that a pipeline that just ends with an item under way can only mean 'exit'.
    private readonly PSInvocationSettings settings = new() { Host = host, ExposeFlowControlExceptions = true };
    private readonly StreamSink<PSObject> output = new(streams.ReportOutput);

    // An interrupt must hit the pipeline it was meant for, and not the next.
    private readonly object interrupting = new();
    private Shell? running;
    private volatile bool isStopping;
    private volatile bool isEnding;

    /// <summary>Whether nothing more is to begin.</summary>
    public bool IsStopping => isStopping;

    /// <summary>Whether the item under way is given up with all others: it gets no end of its own.</summary>
    public bool IsGivenUp => isStopping || loop.IsCancelled;

    /// <summary>Whether the item under way was stopped, alone or with all others: what it does from there on says nothing of it.</summary>
    public bool IsItemStopped => IsGivenUp || loop.IsItemStopped;

    public void Invoke(Shell shell)
    {
        // Raised at each, on the thread that wrote it.
        shell.Streams.Error.DataAdded += (errors, _) => streams.ReportErrors((PSDataCollection<ErrorRecord>)errors!, IsItemStopped);
        running = shell;
        try
        {
            shell.Invoke(null, output, settings);
        }
        finally
        {
            running = null;
        }
    }

    /// <summary>Asks the pipeline to end, and lets no other begin but that of the worker's end.</summary>
    public void Stop()
    {
        isStopping = true;
        if (!isEnding)
        {
            Stop(running);
        }
    }

    /// <summary>What runs from here on has its time, and is not asked to stop.</summary>
    public void BeginEnd() => isEnding = true;

    /// <summary>Asks the pipeline to end while the loop is cancelled.</summary>
    public void Interrupt()
    {
        lock (interrupting)
        {
            if (loop.IsCancelled)
            {
                Stop(running);
            }
        }
    }

    /// <summary>Confirms the loop's cancellation, between two pipelines.</summary>
    public void ConfirmCancellation()
    {
        lock (interrupting)
        {
            loop.ConfirmCancellation();
        }
    }

    /// <summary>Gives what asks the pipeline that runs now to end, and none that begins later.</summary>
    public Action StopOfItem()
    {
        var target = running;
        return () => Stop(target);
    }

    private static void Stop(Shell? pipeline)
    {
        try
        {
            pipeline?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at that moment.
        }
    }
}
