using QueueLog.Pool.Processes;
using QueueLog.Reading;

namespace QueueLog.Reporting;

/// <summary>Who wrote a record, and what it says of a worker's process or item if the pool's category has it.</summary>
/// <param name="OfItem">What it says of an item; null for nothing.</param>
/// <param name="OfPool">What the pool says in it of a worker's process; null for nothing.</param>
/// <param name="IsOwn">Whether the worker that it names wrote it.</param>
/// <param name="Writer">Id of the process that wrote it; 0 where that is not known.</param>
internal readonly record struct RecordOrigin(ItemEvent? OfItem, PoolEvent? OfPool, bool IsOwn, int Writer)
{
    // What reads a log in Text cannot tell a category that is not shown from one that is not there.
    private const string Text = "text";

    /// <summary>Id of the worker's process that wrote it; 0 where it was another, or is not known.</summary>
    public int OwnPid => IsOwn ? Writer : 0;

    /// <summary>Id of the worker's process that it is of; 0 where that is not known.</summary>
    public int Pid => OfPool?.Pid ?? OwnPid;

    /// <param name="entry">The record.</param>
    /// <param name="hasWorker">Whether it, or the name of its process, names a worker.</param>
    /// <param name="itemEvents">Reads what it says of items.</param>
    public static RecordOrigin Of(LogEntry entry, bool hasWorker, ItemEventReader itemEvents)
    {
        // The pool writes of its workers, too, and then names them. Where no worker is shown, its name is that of the process.
        bool? isOfWorker = entry.Worker is null ? (hasWorker ? true : entry.Process is null ? null : false)
            : entry.Process is null ? null : entry.Process == entry.Worker;
        var isNews = entry.Category == PoolLog.PoolCategory || (entry.Category is null && entry.Format == Text);
        var ofItem = isNews ? itemEvents.Read(entry, isOfWorker) : null;
        var ofPool = isNews && isOfWorker != true ? PoolEvent.Parse(entry.Message) : null;
        var isOwn = isOfWorker ?? (ofPool is null && ofItem is not { IsOfPool: true });

        // Nobody speaks for the processes of another worker.
        ofPool = ofPool is not null && (entry.Worker ?? ofPool.Worker) == ofPool.Worker ? ofPool : null;
        return new RecordOrigin(ofItem, ofPool, isOwn, entry.Pid ?? 0);
    }
}
