using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Holds its listener up at the first record, until it is let go.</summary>
internal sealed class GateSink : IRecordSink
{
    private readonly ManualResetEventSlim open = new(false);
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the listener stands at the gate.</summary>
    public Task Reached => reached.Task;

    public void Open() => open.Set();

    public void Write(scoped in RecordView record)
    {
        reached.TrySetResult();
        open.Wait();
    }

    public void Flush()
    {
    }

    public void Dispose() => open.Set();
}
