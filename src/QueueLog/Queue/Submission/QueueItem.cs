using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Queue.Submission;

/// <summary>An item on its way through the queue.</summary>
internal sealed class QueueItem(WorkItem item)
{
    public WorkItem Item { get; } = item;

    /// <summary>What hosts and histories call it: its index, unless an earlier submitter had another item there.</summary>
    public long Id { get; set; } = item.Index;

    /// <summary>What it is known by when the same input is submitted again.</summary>
    public long Hash { get; } = WorkMessage.HashOf(item.Payload);

    /// <summary>Whether a worker or a host has died that may have been at it.</summary>
    public bool IsSuspect { get; set; }

    public OfferedItem Offered => new(Id, Item.Attempt, Item.Deaths, Hash);
}
