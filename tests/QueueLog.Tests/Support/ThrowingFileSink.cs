using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>A sink of one file that fails when it is told to, and keeps what it was asked.</summary>
internal sealed class ThrowingFileSink : IFileSink
{
    public List<string> Calls { get; } = [];

    public Exception? OnWrite { get; set; }

    public Exception? OnAnythingElse { get; set; }

    public bool NeedsRoll { get; set; }

    public void Write(scoped in RecordView record)
    {
        if (OnWrite is not null)
        {
            throw OnWrite;
        }
    }

    public void Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        // Added before the failure, as by a sink of several files.
        appends.Add(new PlannedAppend("file", 1, 2));
        Call($"plan {withoutLast}");
    }

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast) => Call($"flush {withoutLast}");

    public void Roll() => Call("roll");

    public void Sync() => Call("sync");

    public void Dispose()
    {
    }

    private void Call(string name)
    {
        Calls.Add(name);
        if (OnAnythingElse is not null)
        {
            throw OnAnythingElse;
        }
    }
}
