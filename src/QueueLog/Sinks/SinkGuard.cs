using QueueLog.Diagnostics;
using QueueLog.Records;
using QueueLog.Sinks.Queued;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Stands before one sink so that its failures reach the failure log and nobody else.</summary>
// What a sink promises its guard: a Write that throws has not taken the record; a Flush that throws has kept what it could not
// write for the next one. A sink that is no file plans nothing, never rolls, and flushes all it has.
internal sealed class SinkGuard(IRecordSink sink, string name, LogLevel minimumLevel, FailureLog failures, bool keepsRecords = true) : IRecordSink
{
    private readonly IFileSink? files = sink as IFileSink;

    private readonly SinkFailures failed = new(name, failures);
    private readonly object levelGate = new();
    private volatile LogLevel level = minimumLevel;
    private volatile LogLevel wantedLevel = minimumLevel;
    private long taken;
    private long lost;
    private long unflushed;
    private bool tookLast;
    private bool refused;
    private bool failing;
    private bool diskFull;
    private bool disposed;
    private Exception? lastFailure;

    public string Name => name;

    public IRecordSink Sink => sink;

    /// <inheritdoc cref="SinkFailures.Failed"/>
    public Action<string?>? OnFailure
    {
        init => failed.Failed = value;
    }

    public bool WantsCaller => sink.WantsCaller;

    public bool WantsProperties => sink.WantsProperties;

    /// <summary>Records below this are not for the sink.</summary>
    public LogLevel MinimumLevel => wantedLevel;

    /// <summary>Whether its level was chosen for it alone, and does not follow the listener's. Default: no.</summary>
    public bool HasOwnLevel { get; set; }

    /// <summary>Records the sink has taken.</summary>
    public long Taken => Volatile.Read(ref taken);

    /// <summary>Records the sink was flushed with.</summary>
    public long Flushed => Taken - Volatile.Read(ref unflushed);

    /// <summary>Whether it took the record of the last <see cref="Write"/>.</summary>
    public bool TookLast => tookLast;

    /// <summary>All its counts.</summary>
    public SinkStatistics Statistics => sink is QueuedSink queued
        ? new(name, queued.Kind, MinimumLevel, queued.Taken, queued.Written, queued.Metrics.Filtered, queued.Lost, queued.Metrics.Failed, queued.IsBehind)
        : new(name, SinkKind.File, MinimumLevel, Taken + Volatile.Read(ref lost), Math.Max(0, Flushed - sink.Lost), 0, Lost, Failed, Failing);

    /// <summary>Records that will not appear in the sink.</summary>
    public long Lost => Volatile.Read(ref lost) + sink.Lost;

    /// <summary>Calls of the sink that threw.</summary>
    public long Failed => failed.Count;

    /// <summary>True from a failed plan or flush to the next good flush: the sink holds records it could not write.</summary>
    public bool Failing => Volatile.Read(ref failing);

    /// <summary>Why a plan or flush failed the last time one did.</summary>
    public Exception? LastFailure => Volatile.Read(ref lastFailure);

    /// <summary>Whether a record counts as written only once this sink has it: true of files, false of a console.</summary>
    public bool KeepsRecords => keepsRecords;

    /// <summary>True while flushes fail for want of room: worth waiting for, since it ends when someone makes room.</summary>
    public bool IsDiskFull => Failing && diskFull;

    /// <summary>True while there is something to wait for: a full disk, or a file that cannot be written for another reason.</summary>
    public bool IsWorthWaiting => keepsRecords && Failing && (diskFull || files is not null);

    /// <inheritdoc cref="IFileSink.WhenIdle"/>
    public Task WhenIdle => files?.WhenIdle ?? Task.CompletedTask;

    /// <inheritdoc cref="IFileSink.NeedsRoll"/>
    // Only of the record it was last asked to take: one that was below the level, or threw, begins no file.
    public bool NeedsRoll => tookLast && !disposed && files is { NeedsRoll: true };

    /// <summary>Changes the level. A lower one holds at once, a higher one from <see cref="ApplyLevel"/> on. Called by any thread.</summary>
    public void SetLevel(LogLevel wanted)
    {
        lock (levelGate)
        {
            wantedLevel = wanted;
            level = wanted < level ? wanted : level;
        }
    }

    /// <summary>Everything that was handed over before the level was changed has been given to the sink.</summary>
    public void ApplyLevel()
    {
        lock (levelGate)
        {
            level = wantedLevel;
        }
    }

    /// <summary>Whether it takes records of this level at present.</summary>
    public bool Wants(LogLevel of) => of >= level;

    public void Write(scoped in RecordView record)
    {
        tookLast = false;
        if (record.Level < level && (!record.IsHeld || HasOwnLevel))
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
            Volatile.Write(ref unflushed, unflushed + 1);
            tookLast = true;
        }
        catch (Exception exception)
        {
            refused = true;
            Volatile.Write(ref lost, lost + 1);
            failed.Report("write to", FailureSeverity.Permanent, exception);
        }
    }

    /// <inheritdoc cref="IFileSink.Plan"/>
    /// <returns>False if it failed; then nothing is added.</returns>
    public bool Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        if (disposed || files is null)
        {
            return !disposed;
        }

        var count = appends.Count;
        try
        {
            files.Plan(appends, withoutLast && tookLast);
            return true;
        }
        catch (Exception exception)
        {
            appends.RemoveRange(count, appends.Count - count);
            FailToFlush(exception);
            return false;
        }
    }

    public void Flush() => Flush(withoutLast: false);

    /// <inheritdoc cref="IFileSink.Flush(bool)"/>
    /// <returns>Whether it worked.</returns>
    public bool Flush(bool withoutLast)
    {
        if (disposed)
        {
            return false;
        }

        var left = 0;
        try
        {
            if (files is null)
            {
                sink.Flush();
            }
            else
            {
                left = withoutLast && tookLast ? 1 : 0;
                files.Flush(withoutLast: left > 0);
            }
        }
        catch (Exception exception)
        {
            FailToFlush(exception);
            return false;
        }

        if (unflushed > left && !refused)
        {
            // Only a flush that had something to do shows that the sink works again, and only if it refused nothing before.
            failed.Forget();
        }

        refused = false;
        Volatile.Write(ref unflushed, Math.Min(unflushed, left));
        Volatile.Write(ref failing, false);
        return true;
    }

    /// <inheritdoc cref="IFileSink.Roll"/>
    /// <returns>False if it failed in another way than the sink deals with.</returns>
    public bool Roll() => Try("roll", static files => files.Roll());

    /// <inheritdoc cref="IFileSink.Sync"/>
    /// <returns>Whether it worked.</returns>
    public bool Sync() => Try("sync", static files => files.Sync());

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
            failed.Report("close", FailureSeverity.Final, exception);
        }
    }

    private bool Try(string verb, Action<IFileSink> action)
    {
        if (disposed || files is null)
        {
            return !disposed;
        }

        try
        {
            action(files);
            return true;
        }
        catch (Exception exception)
        {
            failed.Report(verb, FailureSeverity.Temporary, exception);
            return false;
        }
    }

    private void FailToFlush(Exception exception)
    {
        diskFull = DiskFull.Is(exception);
        Volatile.Write(ref lastFailure, exception);
        Volatile.Write(ref failing, true);
        failed.Report("write to", FailureSeverity.Temporary, exception);
    }
}
