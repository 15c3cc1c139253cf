using System.Text;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Refuses to flush, as a full disk does, until someone makes room.</summary>
internal sealed class FullDiskSink : IRecordSink
{
    private const int NoSpace = 28;
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> pending = [];
    private readonly List<string> messages = [];
    private volatile bool hasRoom;

    public Task Refused => refused.Task;

    public IReadOnlyList<string> Messages => messages;

    public void MakeRoom() => hasRoom = true;

    public void Write(scoped in RecordView record) => pending.Add(Encoding.UTF8.GetString(record.Message));

    public void Flush()
    {
        if (!hasRoom && pending.Count > 0)
        {
            refused.TrySetResult();
            throw new IOException("No space left on device", NoSpace);
        }

        messages.AddRange(pending);
        pending.Clear();
    }

    public void Dispose() => Flush();
}
