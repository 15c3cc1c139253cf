using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Stands before one sink so that its failures reach the failure log and nobody else.</summary>
// What a sink promises its guard: a Write that throws has not taken the record; a Flush that throws has kept what it could not
// write for the next one.
internal sealed class SinkGuard(IRecordSink sink, string name, LogLevel minimumLevel, FailureLog failures, bool keepsRecords = true) : IRecordSink
{
    // Kinds of failure reported since the sink last worked: each is worth one report, not one per record.
    private readonly HashSet<(string Deed, Type Kind)> reported = [];
    private long taken;
    private long lost;
    private long failed;
    private long unflushed;
    private bool failing;
    private bool diskFull;
    private bool disposed;

    public string Name => name;

    public IRecordSink Sink => sink;

    /// <summary>Records the sink has taken.</summary>
    public long Taken => Volatile.Read(ref taken);

    /// <summary>Records that will not appear in the sink.</summary>
    public long Lost => Volatile.Read(ref lost);

    /// <summary>Calls of the sink that threw.</summary>
    public long Failed => Volatile.Read(ref failed);

    /// <summary>True from a failed flush to the next good one: the sink holds records it could not write.</summary>
    public bool Failing => Volatile.Read(ref failing);

    /// <summary>Whether a record counts as written only once this sink has it: true of files, false of a console.</summary>
    public bool KeepsRecords => keepsRecords;

    /// <summary>True while flushes fail for want of room: worth waiting for, since it ends when someone makes room.</summary>
    public bool IsDiskFull => Failing && diskFull;

    public void Write(scoped in RecordView record)
    {
        if (record.Level < minimumLevel)
        {
            return;
        }

        if (disposed)
        {
            Volatile.Write(ref lost, lost + 1);
            return;
        }

        try
        {
            sink.Write(in record);
            Volatile.Write(ref taken, taken + 1);
            unflushed++;
        }
        catch (Exception exception)
        {
            Volatile.Write(ref lost, lost + 1);
            Report("write to", FailureSeverity.Permanent, exception);
        }
    }

    public void Flush()
    {
        if (disposed)
        {
            return;
        }

        try
        {
            sink.Flush();
            if (unflushed > 0)
            {
                // Only a flush that had something to do shows that the sink works again.
                unflushed = 0;
                reported.Clear();
            }

            Volatile.Write(ref failing, false);
        }
        catch (Exception exception)
        {
            diskFull = DiskFull.Is(exception);
            Volatile.Write(ref failing, true);
            Report("flush", FailureSeverity.Temporary, exception);
        }
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        try
        {
            sink.Dispose();
        }
        catch (Exception exception)
        {
            Volatile.Write(ref lost, lost + unflushed);
            Report("close", FailureSeverity.Final, exception);
        }
    }

    private void Report(string deed, FailureSeverity severity, Exception exception)
    {
        Volatile.Write(ref failed, failed + 1);
        if (reported.Add((deed, exception.GetType())))
        {
            failures.Report(name, severity, $"Could not {deed} '{name}': {exception.Message}", exception);
        }
    }
}
