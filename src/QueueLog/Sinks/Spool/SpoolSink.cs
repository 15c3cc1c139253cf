using System.Text;
using QueueLog.Sinks.RollingFile;
using QueueLog.Wire;

namespace QueueLog.Sinks.Spool;

/// <summary>Writes records to a spool, each with the machine behind the name of its process.</summary>
internal sealed class SpoolSink : IFileSink
{
    private const byte At = (byte)'@';

    private readonly RecordSpool spool;
    private readonly byte[] host;
    private readonly FileLock fileLock;
    private readonly PendingEntries pending = new(keepCapacity: 2 * 1024 * 1024);
    private LogFile file;
    private long segment;
    private bool isDurable;

    // Who wrote the last record, and how the log calls it.
    private byte[] lastProcess = [];
    private byte[] lastName = [];

    /// <param name="spool">Where to; whoever made it disposes it.</param>
    /// <param name="locks">Whose the spool is.</param>
    /// <exception cref="LogFileException">It cannot be written, or (<see cref="LogFileInUseException"/>) has another owner.</exception>
    public SpoolSink(RecordSpool spool, FileLockScope locks)
    {
        this.spool = spool;
        host = Encoding.UTF8.GetBytes(spool.Host);
        fileLock = FileLock.Acquire(spool.IdPath, locks);
        try
        {
            spool.Load();
            segment = spool.End().Segment;
            file = Open();
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    public bool NeedsRoll { get; private set; }

    public Task WhenIdle => Task.CompletedTask;

    public void Write(scoped in RecordView record)
    {
        NeedsRoll = false;
        pending.Begin();
        var named = record;
        named.Process = NameOf(record.Process);
        RecordCopy.Append(pending.Buffer, in named);

        // A record of whatever length fits a new segment.
        NeedsRoll = (file.Length > 0 || pending.LastStart > 0) && file.Length + pending.Length > RecordSpool.SegmentLength;
    }

    /// <exception cref="IOException">The spool is full: whoever writes waits, as for a full disk.</exception>
    public void Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        var bytes = pending.Due(withoutLast).Length;
        if (bytes == 0)
        {
            return;
        }

        var waiting = spool.Waiting;
        if (waiting > 0 && waiting + bytes > spool.Capacity)
        {
            throw DiskFull.Exception($"The spool '{spool.Folder}' holds {waiting} bytes that the queue has not taken, and {spool.Capacity} are allowed.");
        }

        file.Measure();
        appends.Add(new PlannedAppend(file.Path, file.Length, bytes));
    }

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast)
    {
        var due = pending.Due(withoutLast);
        if (!due.IsEmpty)
        {
            file.Append(due);
            pending.Drop(withoutLast);

            // From here on the forwarder may have it: a recovery finds the whole batch in the file, and takes nothing back.
            spool.Grow(new SpoolPosition(segment, file.Length));
        }

        NeedsRoll &= withoutLast;
    }

    public void Roll()
    {
        if (!NeedsRoll || pending.LastStart > 0 || file.Length == 0)
        {
            return;
        }

        NeedsRoll = false;
        var full = file;
        segment++;
        try
        {
            file = Open();
        }
        catch
        {
            segment--;
            throw;
        }

        if (isDurable)
        {
            full.Sync();
        }

        full.Dispose();
    }

    public void Sync()
    {
        isDurable = true;
        file.Sync();
    }

    /// <summary>Closes the segment. What has not been flushed is not written: the journal still holds it.</summary>
    public void Dispose()
    {
        file.Dispose();
        fileLock.Dispose();
    }

    private LogFile Open()
    {
        var path = spool.PathOf(segment);
        var opened = LogFile.OfNew(path, LogFile.OpenOrCreate(path, former: null));
        opened.Measure();
        opened.WasChanged = false;
        spool.Grow(new SpoolPosition(segment, opened.Length));
        return opened;
    }

    private ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> process)
    {
        if (!process.SequenceEqual(lastProcess) || lastName.Length == 0)
        {
            // One that was read from a log of the machine, and is logged again, has it already.
            var isNamed = process.EndsWith(host) && process.Length > host.Length && process[^(host.Length + 1)] == At;
            lastProcess = process.ToArray();
            lastName = isNamed ? lastProcess : [.. process, At, .. host];
        }

        return lastName;
    }
}
