using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes entries to one file, and rolls it where the next entry would make it too large.</summary>
// Write formats into a buffer and tells when the file is to be rolled before the entry; so a failure, of the disk or of a roll,
// finds everything still in the buffer.
internal sealed class RollingFileSink : IFileSink
{
    private readonly RollingFileOptions options;
    private readonly IRecordFormatter formatter;
    private readonly FailureLog failures;
    private readonly RollingPath path;
    private readonly FileLock fileLock;
    private readonly PendingEntries pending = new(keepCapacity: 2 * 1024 * 1024);

    // Null between a roll and the next flush, and after a failure to open it.
    private LogFile? file;

    // The file's folder and those above it, so many in all, may have names in them that are not on the disk.
    private int unsyncedFolders;
    private bool syncsOnClose;

    // One failed roll is enough for a batch: whoever is in the way will still be there.
    private bool rollPostponed;
    private bool rollFailureReported;
    private bool disposed;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="LogFileException">The file cannot be opened, or (<see cref="LogFileInUseException"/>) has another owner.</exception>
    public RollingFileSink(RollingFileOptions options, IRecordFormatter formatter, FileLockScope locks, FailureLog failures)
    {
        options.Validate();
        this.options = options;
        this.formatter = formatter;
        this.failures = failures;

        // The folders first: a path is resolved reliably only once they are there.
        unsyncedFolders = LogFile.CreateFolder(Path.GetFullPath(options.Path)) + 1;
        path = new RollingPath(RealPath.Of(options.Path));
        fileLock = FileLock.Acquire(path.Current, locks);
        try
        {
            file = LogFile.Open(path.Current, options.Overwrite);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>The file's full path, links resolved.</summary>
    public string FilePath => path.Current;

    public bool NeedsRoll { get; private set; }

    /// <summary>Whether there is something to be flushed.</summary>
    public bool HasPending => pending.Length > 0;

    public void Write(scoped in RecordView record)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        NeedsRoll = false;
        pending.Begin();
        try
        {
            formatter.Format(in record, pending.Buffer);
        }
        catch
        {
            pending.TakeBack();
            throw;
        }

        NeedsRoll = !rollPostponed && LastOverflows(file?.Length ?? 0);
    }

    public void Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        var bytes = pending.Due(withoutLast).Length;
        if (bytes > 0)
        {
            var target = OpenAtPath();
            target.Measure();
            appends.Add(new PlannedAppend(path.Current, target.Length, bytes));
        }
    }

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast)
    {
        var due = pending.Due(withoutLast);
        if (!due.IsEmpty)
        {
            OpenAtPath().Append(due);
            pending.Drop(withoutLast);
        }

        if (!withoutLast)
        {
            NeedsRoll = false;
            rollPostponed = false;
        }
    }

    public void Roll()
    {
        // What belongs into the old file must be there.
        if (!NeedsRoll || pending.LastStart > 0)
        {
            return;
        }

        NeedsRoll = false;
        CloseUnlessAtPath();
        if (file is null)
        {
            return;
        }

        // Someone may have emptied or replaced the file since it was found to be too long.
        file.Measure();
        rollPostponed = LastOverflows(file.Length) && !TryRoll();
    }

    public void Sync()
    {
        syncsOnClose = true;
        file?.Sync();
        FolderEntries.Sync(path.Folder, unsyncedFolders);
        unsyncedFolders = 0;
    }

    /// <summary>Closes the file. What has not been flushed is not written: the journal still holds it.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            file?.Dispose();
            fileLock.Dispose();
        }
    }

    // An empty file is never rolled: an entry too long for any file gets one of its own.
    private bool LastOverflows(long length)
    {
        var before = length + pending.LastStart;
        return before > 0 && before + (pending.Length - pending.LastStart) > options.MaxFileSize;
    }

    private LogFile OpenAtPath()
    {
        CloseUnlessAtPath();
        if (file is null)
        {
            unsyncedFolders = Math.Max(unsyncedFolders, LogFile.CreateFolder(path.Current) + 1);
            file = LogFile.Open(path.Current, overwrite: false);
        }

        return file;
    }

    // Someone may rename, delete or replace the file under our feet; what is written to it then does not appear in the log.
    private void CloseUnlessAtPath()
    {
        if (file is { IsAtPath: false })
        {
            Close(file);
        }
    }

    private void Close(LogFile old)
    {
        file = null;
        using (old)
        {
            if (syncsOnClose)
            {
                old.Sync();
            }
        }
    }

    /// <returns>False when the current file could not be moved away: it is then written on.</returns>
    private bool TryRoll()
    {
        try
        {
            var leftovers = FileRoller.Roll(path, options.MaxFiles);
            if (leftovers is not null)
            {
                failures.Report(path.Current, FailureSeverity.Temporary, $"An old file of '{path.Current}' could not be deleted: {leftovers.Message}", leftovers);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!rollFailureReported)
            {
                rollFailureReported = true;
                failures.Report(path.Current, FailureSeverity.Temporary, $"The log file '{path.Current}' could not be rolled and grows on until it can: {exception.Message}", exception);
            }

            return false;
        }

        rollFailureReported = false;
        unsyncedFolders = Math.Max(unsyncedFolders, 1);
        Close(file!);
        return true;
    }
}
