using System.Management.Automation;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Queue;
using QueueLog.Queue;

namespace QueueLog.PowerShell;

/// <summary>Base of the commands that wait: Ctrl+C ends such a wait.</summary>
public abstract class QueueLogCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Cancelled by Ctrl+C, or when the pipeline ends early.</summary>
    protected CancellationToken Cancellation => stopping.Token;

    /// <inheritdoc/>
    protected override void StopProcessing() => stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for a task, and no longer once stopped.</summary>
    /// <exception cref="PipelineStoppedException">Stopped.</exception>
    protected void Wait(Task task)
    {
        try
        {
            Wait(task, Timeout.Infinite, Cancellation);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Waits for a task for some time, and no longer once stopped.</summary>
    /// <returns>Whether it has completed.</returns>
    /// <exception cref="PipelineStoppedException">Stopped.</exception>
    protected bool Wait(Task task, TimeSpan timeout)
    {
        try
        {
            return Wait(task, (int)Math.Ceiling(timeout.TotalMilliseconds), Cancellation);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Waits for the result of a task, and no longer once stopped.</summary>
    /// <exception cref="PipelineStoppedException">Stopped.</exception>
    protected T Wait<T>(ValueTask<T> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return task.Result;
        }

        var waited = task.AsTask();
        Wait((Task)waited);
        return waited.Result;
    }

    /// <summary>Connects to the queue of a link file, or ends the command with the reason why that cannot be done.</summary>
    /// <param name="link">Path of the link file.</param>
    /// <param name="client">What the server's own tools show.</param>
    private protected IQueueEngine ConnectQueue(string link, string client)
    {
        var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(link);
        var (engine, error) = Wait(new ValueTask<(IQueueEngine?, ErrorRecord?)>(QueueConnector.ConnectAsync(path, client, Cancellation)));
        if (error is not null)
        {
            ThrowTerminatingError(error);
        }

        return engine!;
    }

    /// <summary>Ends the connection to a queue.</summary>
    private protected static void Release(IQueueEngine engine) => engine.DisposeAsync().AsTask().Wait();

    /// <summary>Stops a listener of this process, and warns of what goes wrong on the way.</summary>
    private protected void Stop(LogListener listener, TimeSpan timeout)
    {
        ModuleState.Remove(listener);
        var wasStopped = listener.State == ListenerState.Stopped;
        var known = listener.Failures;
        Wait(listener.StopAsync(timeout));
        Failure[] failures = [.. listener.Failures.Except(known)];
        foreach (var failure in failures)
        {
            WriteWarning(LogWarnings.AtStop(failure));
        }

        if (!wasStopped && LogWarnings.Lost(listener, failures) is { } lost)
        {
            WriteWarning(lost);
        }
    }

    /// <summary>Frees what the command used.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopping.Dispose();
        }
    }

    private static bool Wait(Task task, int milliseconds, CancellationToken cancellation)
    {
        try
        {
            // Wait, not WaitAsync: it spins for a moment first, which is how long a warm worker takes to answer.
            if (!task.Wait(milliseconds, cancellation))
            {
                return false;
            }
        }
        catch (AggregateException)
        {
            // The next line throws what is in it.
        }

        task.GetAwaiter().GetResult();
        return true;
    }
}
