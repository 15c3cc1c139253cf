using System.Collections.ObjectModel;

namespace QueueLog.PowerShell.Worker;

/// <summary>A list that keeps nothing: what the engine adds is passed on at that moment, on the thread that wrote it.</summary>
internal sealed class StreamSink<T>(Action<T> take) : Collection<T>
{
    protected override void InsertItem(int index, T item) => take(item);
}
