using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes entries to one file, and rolls it where the next entry would make it too large.</summary>
// Write formats into a buffer and notes where the file is to be rolled; Flush does what was noted. So a failure, of the disk or
// of a roll, finds everything still in the buffer.
internal sealed class RollingFileSink : IRecordSink
{
    private const int FlushThreshold = 1024 * 1024;
    private const int MaxPending = 16 * 1024 * 1024;

    private readonly RollingFileOptions options;
    private readonly IRecordFormatter formatter;
    private readonly FailureLog failures;
    private readonly RollingPath path;
    private readonly FileLock fileLock;
    private readonly PendingEntries pending = new(keepCapacity: 2 * FlushThreshold);

    // Null between a roll and the next entry, and after a failure to open it.
    private LogFile? file;

    // What the current file will hold once pending is written and all rolls are done.
    private long projectedLength;
    private Exception? lastFailure;
    private bool rollFailed;
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
        LogFile.CreateFolder(Path.GetFullPath(options.Path));
        path = new RollingPath(RealPath.Of(options.Path));
        fileLock = FileLock.Acquire(path.Current, locks);
        try
        {
            file = LogFile.Open(path.Current, options.Overwrite);
            projectedLength = file.Length;
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>The file's full path, links resolved.</summary>
    public string FilePath => path.Current;

    public void Write(scoped in RecordView record)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (lastFailure is not null && pending.Length >= MaxPending)
        {
            throw new LogFileException(
                path.Current,
                LogFileFault.Backlog,
                $"The log file '{path.Current}' could not be written for long, and what waits for it has reached its limit: {lastFailure.Message}",
                lastFailure);
        }

        var start = pending.Length;
        try
        {
            formatter.Format(in record, pending.Buffer);
        }
        catch
        {
            pending.Buffer.Truncate(start);
            throw;
        }

        var length = pending.Length - start;
        if (projectedLength > 0 && projectedLength + length > options.MaxFileSize)
        {
            pending.RollBefore(start);
            projectedLength = 0;
        }

        projectedLength += length;
        if (pending.Length >= FlushThreshold && lastFailure is null)
        {
            FlushEarly();
        }
    }

    public void Flush()
    {
        if (pending.Length == 0)
        {
            return;
        }

        var written = 0;
        var rolled = 0;
        try
        {
            CloseDeleted();
            var mayRoll = true;
            foreach (var point in pending.RollPoints)
            {
                GetFile().Append(pending[written..point]);
                written = point;
                rolled++;
                // One failure is enough for a batch: whoever is in the way will still be there.
                mayRoll = mayRoll && TryRoll();
            }

            GetFile().Append(pending[written..]);
            written = pending.Length;
            projectedLength = GetFile().Length;
            lastFailure = null;
        }
        catch (Exception exception)
        {
            lastFailure = exception;
            throw;
        }
        finally
        {
            pending.Drop(written, rolled);
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
            Flush();
        }
        finally
        {
            file?.Dispose();
            fileLock.Dispose();
        }
    }

    private void FlushEarly()
    {
        try
        {
            Flush();
        }
        catch (Exception)
        {
            // Everything is still in the buffer; the next Flush tries again and tells.
        }
    }

    private LogFile GetFile() => file ??= LogFile.Open(path.Current, overwrite: false);

    // Someone may delete the file under our feet; what is written to a deleted file is gone.
    private void CloseDeleted()
    {
        if (file is not null && !File.Exists(path.Current))
        {
            file.Dispose();
            file = null;
        }
    }

    /// <returns>False when the current file could not be moved away: it is then written on.</returns>
    private bool TryRoll()
    {
        // Nothing to move when someone has emptied the file meanwhile.
        if (file is not { Length: > 0 })
        {
            return true;
        }

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
            if (!rollFailed)
            {
                rollFailed = true;
                failures.Report(path.Current, FailureSeverity.Temporary, $"The log file '{path.Current}' could not be rolled and grows on until it can: {exception.Message}", exception);
            }

            return false;
        }

        rollFailed = false;
        file.Dispose();
        file = null;
        return true;
    }
}
