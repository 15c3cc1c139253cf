using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Fails when it is told to.</summary>
internal sealed class ThrowingSink : IRecordSink
{
    public Exception? OnWrite { get; set; }

    public Exception? OnFlush { get; set; }

    public Exception? OnDispose { get; set; }

    public void Write(scoped in RecordView record) => ThrowIfSet(OnWrite);

    public void Flush() => ThrowIfSet(OnFlush);

    public void Dispose() => ThrowIfSet(OnDispose);

    private static void ThrowIfSet(Exception? exception)
    {
        if (exception is not null)
        {
            throw exception;
        }
    }
}
