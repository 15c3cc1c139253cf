namespace QueueLog.Client;

/// <summary>The callers that wait for their records to be written.</summary>
internal sealed class AcknowledgeRequests
{
    private readonly object gate = new();
    private readonly SortedDictionary<long, TaskCompletionSource<bool>> pending = [];
    private long last;

    public bool HasPending
    {
        get
        {
            lock (gate)
            {
                return pending.Count > 0;
            }
        }
    }

    public (long Number, Task<bool> Written) Add()
    {
        var request = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            pending.Add(++last, request);
            return (last, request.Task);
        }
    }

    /// <summary>Gives those that wait new numbers: what comes for the old ones is no answer for them.</summary>
    public void Renew()
    {
        lock (gate)
        {
            TaskCompletionSource<bool>[] waiting = [.. pending.Values];
            pending.Clear();
            Array.ForEach(waiting, request => pending.Add(++last, request));
        }
    }

    public void Complete(long number, bool written)
    {
        lock (gate)
        {
            if (pending.Remove(number, out var request))
            {
                request.SetResult(written);
            }
        }
    }

    public void FailAll()
    {
        lock (gate)
        {
            foreach (var request in pending.Values)
            {
                request.SetResult(false);
            }

            pending.Clear();
        }
    }

    public void ForEachPending(Action<long> action)
    {
        long[] numbers;
        lock (gate)
        {
            numbers = [.. pending.Keys];
        }

        Array.ForEach(numbers, action);
    }
}
