using System.Diagnostics;
using QueueLog.Diagnostics;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Compresses the old files of logs, one by one, on a thread of its own that stands back behind all others.</summary>
// Nothing of it lies on the way of a record: the dispatcher only asks, and the two meet for as long as a file is renamed.
internal sealed class Compressor(FailureLog failures) : IDisposable
{
    // A disk that does not answer must not delay the end of a log.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private readonly List<OldFiles> waiting = [];

    // Logs of whose troubles someone was told, until there are none.
    private readonly HashSet<OldFiles> troubled = [];
    private OldFiles? current;
    private TaskCompletionSource? busy;
    private Thread? thread;
    private volatile bool cancelled;
    private bool disposed;

    /// <summary>Completes when all that was asked for is done.</summary>
    public Task WhenIdle
    {
        get
        {
            lock (gate)
            {
                return busy?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Asks for the old files of a log to be compressed.</summary>
    public void Request(OldFiles files)
    {
        lock (gate)
        {
            if (disposed || waiting.Contains(files))
            {
                return;
            }

            waiting.Add(files);
            busy ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Monitor.PulseAll(gate);
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "QueueLog compressor" };
                thread.Start();
            }
        }
    }

    /// <summary>Whether there is work for a log.</summary>
    public bool IsBusyWith(OldFiles files)
    {
        lock (gate)
        {
            return current == files || waiting.Contains(files);
        }
    }

    /// <summary>Stops work on a log; the next listener finds what is not compressed.</summary>
    public void Forget(OldFiles files)
    {
        lock (gate)
        {
            waiting.Remove(files);
            troubled.Remove(files);
            for (var since = Stopwatch.GetTimestamp(); current == files; Monitor.Wait(gate, TimeSpan.FromMilliseconds(100)))
            {
                cancelled = true;
                if (Stopwatch.GetElapsedTime(since) > Timeout)
                {
                    files.Abandon();
                    return;
                }
            }
        }
    }

    /// <summary>Ends the thread as soon as it has let go of what it is at.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            cancelled = true;
            waiting.Clear();
            busy?.TrySetResult();
            Monitor.PulseAll(gate);
        }
    }

    private void Run()
    {
        LowPriority.Enter();
        while (Next() is { } files)
        {
            try
            {
                while (CompressOne(files))
                {
                }

                SetTrouble(files, null);
            }
            catch (Exception exception)
            {
                // Whatever it is: the file stays as it was, and the next roll asks again.
                SetTrouble(files, exception);
            }
        }
    }

    private OldFiles? Next()
    {
        lock (gate)
        {
            current = null;
            cancelled = disposed;
            Monitor.PulseAll(gate);
            while (waiting.Count == 0 && !disposed)
            {
                busy?.TrySetResult();
                busy = null;
                Monitor.Wait(gate);
            }

            if (disposed)
            {
                return null;
            }

            current = waiting[0];
            waiting.RemoveAt(0);
            return current;
        }
    }

    private bool CompressOne(OldFiles files)
    {
        if (cancelled)
        {
            return false;
        }

        using var source = files.OpenNext();
        if (source is null)
        {
            return false;
        }

        var isReplaced = false;
        try
        {
            // What a killed process left of it, or another user has made there.
            files.DeleteUnfinished();
            var draft = UnfinishedGzip.Write(source, files.UnfinishedPath, () => cancelled || files.IsWorkInVain);
            isReplaced = draft is { } compressed && files.Replace(source, compressed.Length, compressed.Identity);
        }
        finally
        {
            if (!isReplaced)
            {
                files.DeleteUnfinished();
            }
        }

        return true;
    }

    private void SetTrouble(OldFiles files, Exception? exception)
    {
        lock (gate)
        {
            if (exception is null)
            {
                troubled.Remove(files);
                return;
            }

            if (cancelled || !troubled.Add(files))
            {
                return;
            }
        }

        failures.Report(files.Log, FailureSeverity.Temporary, $"An old file of '{files.Log}' could not be compressed and stays as it is for now: {exception.Message}", exception);
    }
}
