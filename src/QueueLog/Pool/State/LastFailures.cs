using QueueLog.Records;

namespace QueueLog.Pool.State;

/// <summary>The failures of a run that are shown. Guarded by its owner's lock.</summary>
internal sealed class LastFailures(TimeProvider time)
{
    private const int Kept = 5;

    private readonly Queue<FailedItem> failures = new();

    /// <summary>The last ones, oldest first.</summary>
    public FailedItem[] All => [.. failures];

    public void Add(WorkItem item, ItemStatus status, string? worker)
    {
        if (failures.Count == Kept)
        {
            failures.Dequeue();
        }

        failures.Enqueue(new FailedItem { Index = item.Index, Input = item.Input, Status = status, Worker = worker, Ended = time.GetLocalNow() });
    }
}
