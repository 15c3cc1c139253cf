using Microsoft.Win32.SafeHandles;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The old files of a log. Two threads deal with them: the dispatcher's rolls and deletes, the compressor's compresses.</summary>
internal sealed class OldFiles(RollingPath path, RollingFileOptions options, FailureLog failures)
{
    // Names change under it only.
    private readonly object gate = new();
    private readonly DeferredDelete deleted = new();
    private readonly bool needsFacts = options.MaxTotalSize is not null || options.MaxAge is not null;

    // The name of the file that is being compressed; rolls change it. Null when there is none, or it was deleted.
    private string? inWork;
    private bool deletionFailed;
    private volatile bool abandoned;

    /// <summary>Full path of the log.</summary>
    public string Log => path.Log;

    /// <summary>The name of the file that is written. Changes with <see cref="Roll"/> where a date stands in it.</summary>
    public string Current { get; private set; } = path.Name;

    /// <summary>Full path of the file that is written by a compression.</summary>
    public string UnfinishedPath => path.FullPathOf(path.UnfinishedName);

    /// <summary>Whether names are brought to the disk itself. Default: no.</summary>
    public bool IsDurable { get; set; }

    /// <summary>Whether the file that is being compressed has been deleted since.</summary>
    public bool IsWorkInVain => abandoned || Volatile.Read(ref inWork) is null;

    /// <summary>Finds the file that a start goes on in where a date stands in its name: the last of the period, or its first.</summary>
    public void FindCurrent(string period)
    {
        lock (gate)
        {
            try
            {
                var found = FolderListing.Of(path, withFacts: false);
                var files = OldFileRow.All(path, found);
                var last = files.FindIndex(old => old.File.Date == period);
                var isPlain = last >= 0 && !files.Exists(old => old.File == files[last].File.AsCompressed());
                Current = isPlain ? files[last].Found.Name : path.NameOf(RollPlan.FirstFree(path, found, files, period));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A folder that may be written and not be read.
                Current = path.NameOf(new OldFile(period, 0, false));
            }
        }
    }

    /// <summary>Clears up what a former run left, and deletes what is too much. Failures are reported.</summary>
    /// <param name="length">Bytes of the current file.</param>
    public void Tidy(long length)
    {
        lock (gate)
        {
            try
            {
                Leftovers.Remove(path);
                var reserved = Math.Max(length, options.MaxFileSize ?? 0);
                Delete(Retention.Plan(path, FolderListing.Of(path, needsFacts).Where(file => file.Name != Current), options, reserved, Now));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failures.Report(path.Log, FailureSeverity.Temporary, $"The old files of '{path.Log}' could not be looked through: {exception.Message}", exception);
            }
        }
    }

    /// <summary>Moves the current file and the old ones on, and deletes what is too much.</summary>
    /// <param name="length">Bytes of the current file.</param>
    /// <param name="period">The period it is of; where dates stand in all names, that of the next one.</param>
    /// <param name="lastRecord">When its last record was written, in UTC.</param>
    /// <exception cref="IOException">A file could not be moved; the current one is where it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Roll(long length, string period, DateTime lastRecord)
    {
        lock (gate)
        {
            var now = Now;
            var plan = RollPlan.For(path, FolderListing.Of(path, needsFacts), new FoundFile(Current, length, lastRecord), period, options, now);
            foreach (var (from, to) in plan.Renames)
            {
                AtomicRename.Move(path.FullPathOf(from), path.FullPathOf(to));
                inWork = inWork == from ? to : inWork;
                FaultPoint.Reach(JournalFault.InRoll);
            }

            if (plan.Next != Current)
            {
                Current = plan.Next;
                FaultPoint.Reach(JournalFault.InRoll);
            }

            Delete(plan.Deletions);
        }
    }

    /// <summary>Opens the newest file that is not compressed, to be compressed.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="IOException">It, or the folder, cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public SafeFileHandle? OpenNext()
    {
        lock (gate)
        {
            var found = FolderListing.Of(path, withFacts: false);
            var taken = found.Select(file => file.Name).ToHashSet(StringComparer.FromComparison(RollingPath.NameComparison));
            foreach (var (file, stands) in OldFileRow.Of(path, found))
            {
                // Only files: anything else is not ours.
                if (!file.IsCompressed && stands.Name != Current && !taken.Contains(path.NameOf(file.AsCompressed())) && NamedFile.OpenToRead(path.FullPathOf(stands.Name)) is { } source)
                {
                    inWork = stands.Name;
                    return source;
                }
            }

            inWork = null;
            return null;
        }
    }

    /// <summary>Puts the compressed form in the place of the file that was taken, by whatever name that goes now.</summary>
    /// <param name="source">The file, which is closed.</param>
    /// <param name="length">How much of it is compressed.</param>
    /// <param name="draft">Which file the compressed form is; null where the system does not tell.</param>
    /// <returns>False when it is no longer there, or not as it was.</returns>
    /// <exception cref="IOException">The compressed form cannot get its name, or the file cannot be deleted: all is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public bool Replace(SafeFileHandle source, long length, FileIdentity? draft)
    {
        lock (gate)
        {
            var name = inWork;
            inWork = null;
            if (name is null || abandoned || FileIdentity.Of(source) != FileIdentity.Of(path.FullPathOf(name)) || RandomAccess.GetLength(source) != length)
            {
                return false;
            }

            var target = path.FullPathOf(path.NameOf(path.Parse(name)!.Value.AsCompressed()));
            AtomicRename.Move(UnfinishedPath, target);
            if (draft?.IsAt(target) == false)
            {
                throw new FileReplacedException(target);
            }

            FaultPoint.Reach(JournalFault.CompressedBesideOriginal);
            if (IsDurable)
            {
                FolderEntries.Sync(path.Folder, 1);
            }

            // On Windows its name would be taken as long as it is open.
            source.Dispose();
            DeleteInFavourOf(path.FullPathOf(name), target);
            return true;
        }
    }

    /// <summary>Removes what a compression has written that came to nothing.</summary>
    public void DeleteUnfinished()
    {
        if (!abandoned)
        {
            File.Delete(UnfinishedPath);
        }
    }

    /// <summary>The log is no longer ours, though a compression has not come back from the disk: whatever it finds then, it is to touch nothing.</summary>
    public void Abandon() => abandoned = true;

    private static void DeleteInFavourOf(string original, string compressed)
    {
        try
        {
            File.Delete(original);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Every record must be there once.
            File.Delete(compressed);
            throw;
        }
    }

    private void Delete(IReadOnlyList<string> names)
    {
        Exception? failure = null;
        foreach (var name in names)
        {
            try
            {
                deleted.Delete(path.FullPathOf(name));
                inWork = inWork == name ? null : inWork;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = exception;
            }
        }

        // The next roll tries again; one report is enough.
        if (failure is not null && !deletionFailed)
        {
            failures.Report(path.Log, FailureSeverity.Temporary, $"An old file of '{path.Log}' could not be deleted: {failure.Message}", failure);
        }

        deletionFailed = failure is not null;
    }

    private DateTime Now => options.Time.GetUtcNow().UtcDateTime;
}
