using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes entries to one file, and rolls it where the next entry would make it too large or is of another period.</summary>
// Write formats into a buffer and tells when the file is to be rolled before the entry; so a failure, of the disk or of a roll,
// finds everything still in the buffer.
internal sealed class RollingFileSink : IFileSink
{
    private readonly RollingFileOptions options;
    private readonly IRecordFormatter formatter;
    private readonly FailureLog failures;
    private readonly RollingPath path;
    private readonly OldFiles old;
    private readonly Compressor? compressor;
    private readonly bool ownsCompressor;
    private readonly FileLock fileLock;
    private readonly FileFormat format;

    // Null where it does not matter.
    private readonly FilePeriod? period;
    private readonly CurrentFile file;
    private readonly PendingEntries pending = new(keepCapacity: 2 * 1024 * 1024);

    // One failed roll is enough for a batch: its cause will still be there.
    private bool rollPostponed;
    private bool rollFailureReported;
    private bool disposed;

    /// <summary>The sink of a log of its own.</summary>
    /// <inheritdoc cref="RollingFileSink(RollingFileOptions, IRecordFormatter, FileLockScope, FailureLog, Compressor)"/>
    public RollingFileSink(RollingFileOptions options, IRecordFormatter formatter, FileLockScope locks, FailureLog failures)
        : this(options, formatter, locks, failures, options.Compress ? new Compressor(failures) : null) => ownsCompressor = true;

    /// <summary>One of several that share a compressor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="LogFileException">The file cannot be opened, or (<see cref="LogFileInUseException"/>) has another owner.</exception>
    public RollingFileSink(RollingFileOptions options, IRecordFormatter formatter, FileLockScope locks, FailureLog failures, Compressor? compressor)
    {
        options.Validate();
        this.options = options;
        this.formatter = formatter;
        this.failures = failures;
        format = new FileFormat(formatter.Lines);

        // The folders first: a path is resolved reliably only once they are there.
        var newFolders = LogFolder.Create(Path.GetFullPath(options.Path));
        var isInName = options.RollNames == RollNames.DateInName;
        path = new RollingPath(RealPath.Of(options.Path), options.RollNames == RollNames.Number ? null : options.RollInterval ?? RollInterval.Day, isInName);
        if (isInName && File.Exists(path.Log))
        {
            throw new LogFileException(path.Log, LogFileFault.Other, $"'{path.Log}' is a file, and a log with dates in the names of its files has none of that name. Rename the file, or log to another path.");
        }

        old = new OldFiles(path, options, failures);
        this.compressor = compressor;
        period = options.RollInterval is null && !path.IsDated ? null : new FilePeriod(options);
        fileLock = FileLock.Acquire(path.Log, locks);
        if (isInName)
        {
            old.FindCurrent(period!.Name);
        }

        file = new CurrentFile(path.FullPathOf(old.Current), path.Log + RollingPath.NextExtension, format, period, newFolders, new PreparedFile(path.Folder));
        try
        {
            file.Open(options.Overwrite, options.IsOurs);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }

        if (options.HasOldFiles && !options.IsOurs)
        {
            old.Tidy(file.Length);
        }

        compressor?.Request(old);
    }

    /// <summary>The file's full path, links resolved.</summary>
    public string FilePath => file.Path;

    public bool WantsCaller => formatter.WantsCaller;

    public bool WantsProperties => formatter.WantsProperties;

    public bool NeedsRoll { get; private set; }

    /// <summary>Whether there is something to be flushed.</summary>
    public bool HasPending => pending.Length > 0;

    /// <summary>Whether old files of this log are being compressed.</summary>
    public bool IsCompressing => compressor?.IsBusyWith(old) == true;

    public Task WhenIdle => compressor?.WhenIdle ?? Task.CompletedTask;

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
            pending.RemoveLast();
            throw;
        }

        NeedsRoll = !rollPostponed && (PeriodIsOver() || LastOverflows());
    }

    public void Plan(List<PlannedAppend> appends, bool withoutLast)
    {
        var bytes = pending.Due(withoutLast).Length;
        if (bytes > 0)
        {
            var target = file.OpenAtPath();
            appends.Add(new PlannedAppend(target.Path, target.Length, format.LinesBefore(target.Length).Length + bytes));
        }
    }

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast)
    {
        var due = pending.Due(withoutLast);
        if (!due.IsEmpty)
        {
            var target = file.OpenAtPath();
            target.Append(format.LinesBefore(target.Length), due);
            if (target.WasChanged)
            {
                target.WasChanged = false;
                failures.Report(path.Log, FailureSeverity.Temporary, $"The log file '{file.Path}' was changed by someone else: it is longer or shorter than it was left. Nothing but its listener may write it.");
            }

            format.SetWritten();
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
        rollPostponed = file.IsToBeRolled() && (LastOverflows() || period is { IsOver: true }) && !TryRoll();
    }

    public void Sync()
    {
        old.IsDurable = true;
        file.Sync();
    }

    /// <summary>Closes the file. What has not been flushed is not written: the journal still holds it.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            file.Dispose();
            compressor?.Forget(old);
            if (ownsCompressor)
            {
                compressor?.Dispose();
            }

            fileLock.Dispose();
        }
    }

    // An empty file is never rolled: an entry too long for any file gets one of its own.
    private bool LastOverflows() =>
        options.MaxFileSize is not null
        && (file.HasEntries || pending.LastStart > 0)
        && file.Length + format.LinesBefore(file.Length).Length + pending.Length > options.MaxFileSize;

    // The first entry of a batch is soon enough, since a batch is gathered in milliseconds.
    private bool PeriodIsOver() => period is not null && pending.LastStart == 0 && period.Look(isEmpty: !file.HasEntries);

    /// <returns>False when the current file could not be moved away: it is then written on.</returns>
    private bool TryRoll()
    {
        try
        {
            file.PrepareNext();
            old.Roll(file.Length, (path.IsInName ? period?.NextName : period?.Name) ?? "", options.MaxAge is null ? default : file.LastRecord(options.Time.LocalTimeZone));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!rollFailureReported)
            {
                rollFailureReported = true;
                failures.Report(path.Log, FailureSeverity.Temporary, $"The log file '{file.Path}' could not be rolled and grows on until it can: {exception.Message}", exception);
            }

            return false;
        }

        rollFailureReported = false;
        file.RolledAway(path.FullPathOf(old.Current));
        compressor?.Request(old);
        return true;
    }
}
