using QueueLog.Diagnostics;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;

namespace QueueLog.Tests.Support;

/// <summary>Takes records when it is let, or throws; what it ran is known, and whether it was stopped.</summary>
internal sealed class GatedTarget : ISinkTarget
{
    private readonly object gate = new();
    private readonly List<string> messages = [];
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SinkMetrics? metrics;

    /// <summary>Set: records go through.</summary>
    public ManualResetEventSlim Open { get; } = new(true);

    /// <summary>What a stop does. Default: nothing, as with code that does not answer.</summary>
    public Action OnStop { get; set; } = () => { };

    /// <summary>Says what a message fails with.</summary>
    public Func<string, Exception?> Fails { get; set; } = _ => null;

    public bool HasCode { get; init; }

    public bool WantsCaller => false;

    public bool WantsProperties => true;

    public long Lost => 0;

    public bool IsDisposed { get; private set; }

    /// <summary>Completes when the first record has come.</summary>
    public Task Reached => reached.Task;

    public string[] Messages
    {
        get
        {
            lock (gate)
            {
                return [.. messages];
            }
        }
    }

    public bool Write(ReadOnlySpan<byte> block, SinkQueue queue)
    {
        foreach (var record in RecordSelection.Read(block))
        {
            reached.TrySetResult();
            Open.Wait();
            if (Fails(record.Message) is { } exception)
            {
                metrics!.Fail("write to", FailureSeverity.Permanent, exception, lost: 1);
                continue;
            }

            lock (gate)
            {
                messages.Add(record.Message);
            }

            metrics!.CountWritten(1);
        }

        return true;
    }

    /// <summary>A sink that writes into it.</summary>
    public QueuedSink Behind(string name, int capacity, FailureLog failures)
    {
        metrics = new SinkMetrics(name, failures);
        return new QueuedSink(SinkKind.Script, this, new SinkQueueOptions { ThreadName = "test", Capacity = capacity, RoomTimeout = TimeSpan.Zero }, metrics);
    }

    public void Drain(SinkQueue queue)
    {
    }

    public void Stop() => OnStop();

    public void Dispose() => IsDisposed = true;
}
