using System.Text;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Keeps the messages it is given.</summary>
internal sealed class CollectingSink : IRecordSink
{
    private readonly object gate = new();
    private readonly List<string> messages = [];
    private int flushed;

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (gate)
            {
                return [.. messages];
            }
        }
    }

    public int FlushedMessages => Volatile.Read(ref flushed);

    public void Write(scoped in RecordView record)
    {
        lock (gate)
        {
            messages.Add(Encoding.UTF8.GetString(record.Message));
            Monitor.PulseAll(gate);
        }
    }

    public void Flush() => Volatile.Write(ref flushed, messages.Count);

    public Task WaitForMessagesAsync(int count, TimeSpan deadline) => Task.Run(() =>
    {
        var until = DateTime.UtcNow + deadline;
        lock (gate)
        {
            while (messages.Count < count)
            {
                var left = until - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                {
                    throw new TimeoutException($"{messages.Count} of {count} messages came.");
                }
            }
        }
    });

    public void Dispose()
    {
    }
}
