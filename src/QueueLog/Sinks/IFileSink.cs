namespace QueueLog.Sinks;

/// <summary>A sink whose files the journal's checkpoint watches over: it can say beforehand what a flush will append where.</summary>
// Nothing reaches a file but by Flush: not by Write, and not by Dispose. What a checkpoint does not name would be there twice
// after a crash, since the journal still holds it.
internal interface IFileSink : IRecordSink
{
    /// <summary>Completes when what is done aside of writing is done, such as the compression of old files. Asked by any thread.</summary>
    Task WhenIdle => Task.CompletedTask;

    /// <summary>
    /// Set by Write when its record must begin a new file: everything before it has to be flushed without it and committed,
    /// then <see cref="Roll"/> called, before the next Write.
    /// </summary>
    // A dispatcher that could not flush may write on nevertheless: the file grows on, and a roll is due before that entry instead.
    bool NeedsRoll { get; }

    /// <summary>
    /// Adds what the next <see cref="Flush(bool)"/> would append, for each file that has something to be written. Files are
    /// opened for it, so that path and length are those the flush will use; what the flush would throw is thrown here.
    /// </summary>
    // A flush that failed halfway has written some files and not others. The plan for the next try names only what is left, so
    // the checkpoint must keep the first plan's line of every file until the batch is committed as a whole.
    void Plan(List<PlannedAppend> appends, bool withoutLast);

    /// <summary>Appends what is pending to each file, in one write. A file that fails ends where it did before and keeps all that was to be written to it.</summary>
    /// <param name="withoutLast">Leaves the entry of the last Write in the buffer, if this sink took it.</param>
    void Flush(bool withoutLast);

    /// <summary>Rolls the file that needs it. Failure to roll is reported and the file grows on.</summary>
    void Roll();

    /// <summary>
    /// Brings everything flushed so far to the disk itself, the names of new and rolled files included. From the first call
    /// on, a file is also synced before it is closed: call it once at the start where it is to be relied on.
    /// </summary>
    void Sync();
}

/// <summary>What a flush is going to append.</summary>
/// <param name="Path">The file's full path, links resolved.</param>
/// <param name="Length">How long it is before.</param>
/// <param name="Bytes">How much longer it will be.</param>
internal readonly record struct PlannedAppend(string Path, long Length, int Bytes);
