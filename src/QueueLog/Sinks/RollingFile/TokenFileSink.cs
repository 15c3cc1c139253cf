using System.Runtime.ExceptionServices;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes every record to the file its own values name, and keeps the most recently used of these files open.</summary>
// Closing a file must not flush it: that is for the commit to do. So files with something pending stay open beyond the limit until
// they have been flushed; and since handles are scarce, at twice the limit a flush is asked for as if for a roll.
internal sealed class TokenFileSink : IFileSink
{
    private readonly TokenPath path;
    private readonly RollingFileOptions options;
    private readonly IRecordFormatter formatter;
    private readonly FileLockScope locks;
    private readonly FailureLog failures;
    private readonly Compressor? compressor;
    private readonly ByteWriter key = new(256);
    private readonly List<TokenFile> open = [];

    // Files that could not be opened since the last flush: one try per batch is enough.
    private readonly List<TokenFile> refused = [];

    // Files this sink has opened: overwriting is for what a former run left, not for a file that was closed to spare handles. Nor
    // is a look at its format, which would cost a reading of all of it each time.
    private readonly HashSet<string> seen = new(StringComparer.FromComparison(RollingPath.NameComparison));
    private readonly string startFolder;
    private TokenFile? current;

    // Whose Write was the last; null when it failed.
    private TokenFile? last;
    private long clock;
    private int unsyncedFolders;
    private bool syncsOnClose;
    private bool disposed;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="TemplateException">The path has an unknown token.</exception>
    /// <exception cref="LogFileException">The folder of the files cannot be created or written.</exception>
    public TokenFileSink(RollingFileOptions options, IRecordFormatter formatter, FileLockScope locks, FailureLog failures)
    {
        options.Validate();
        path = new TokenPath(options.Path);
        this.options = options;
        this.formatter = formatter;
        this.locks = locks;
        this.failures = failures;
        compressor = options.Compress ? new Compressor(failures) : null;
        startFolder = FolderOf(path.Start);
        unsyncedFolders = LogFolder.Probe(startFolder) + 1;
    }

    public int OpenFiles => open.Count;

    public bool WantsCaller => formatter.WantsCaller;

    public bool WantsProperties => formatter.WantsProperties;

    public Task WhenIdle => compressor?.WhenIdle ?? Task.CompletedTask;

    public bool NeedsRoll => last is not null && (last.Sink!.NeedsRoll || open.Count > 2 * options.MaxOpenFiles);

    public void Write(scoped in RecordView record)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        last = null;
        key.Clear();
        path.Expand(in record, key);
        if (current is null || !current.IsFor(key.Written))
        {
            current = Find(open) ?? Open();
        }

        current.LastUsed = ++clock;
        current.Sink!.Write(in record);
        last = current;
    }

    public void Plan(List<PlannedAppend> appends, bool withoutLast) =>
        ForEachOpen(file => file.Sink!.Plan(appends, withoutLast && file == last));

    public void Flush() => Flush(withoutLast: false);

    public void Flush(bool withoutLast)
    {
        refused.Clear();
        try
        {
            ForEachOpen(file => file.Sink!.Flush(withoutLast && file == last));
        }
        finally
        {
            CloseDownTo(options.MaxOpenFiles);
        }
    }

    public void Roll() => ForEachOpen(static file => file.Sink!.Roll());

    public void Sync()
    {
        syncsOnClose = true;
        ForEachOpen(static file => file.Sink!.Sync());
        FolderEntries.Sync(startFolder, unsyncedFolders);
        unsyncedFolders = 0;
    }

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            ForEachOpen(static file => file.Sink!.Dispose());
            open.Clear();
            compressor?.Dispose();
        }
    }

    private static string FolderOf(string start)
    {
        var end = start.AsSpan().LastIndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) + 1;
        return Path.GetFullPath(end > 0 ? start[..end] : ".");
    }

    private TokenFile? Find(List<TokenFile> files)
    {
        foreach (var file in files)
        {
            if (file.IsFor(key.Written))
            {
                return file;
            }
        }

        return null;
    }

    private TokenFile Open()
    {
        if (Find(refused) is { Failure: { } failure })
        {
            throw new LogFileException(failure.Path, failure.Reason, failure.Message, failure);
        }

        var fullPath = path.ToFullPath(key.Written);

        // Two keys may name one file, as where they differ in case only.
        if (open.Find(file => file.Path.Equals(fullPath, RollingPath.NameComparison)) is { } same)
        {
            return same;
        }

        CloseDownTo(options.MaxOpenFiles - 1);
        var opened = new TokenFile(key.Written.ToArray(), fullPath);
        try
        {
            var isOurs = seen.Contains(fullPath);
            opened.Sink = new RollingFileSink(options with { Path = fullPath, Overwrite = options.Overwrite && !isOurs, IsOurs = isOurs }, formatter, locks, failures, compressor);
        }
        catch (LogFileException exception)
        {
            opened.Failure = exception;
            refused.Add(opened);
            throw;
        }

        seen.Add(fullPath);
        open.Add(opened);
        return opened;
    }

    /// <summary>Closes the least recently used files, but none that holds something to be flushed, and rather those whose old files are compressed.</summary>
    private void CloseDownTo(int count)
    {
        while (open.Count > count && open.Where(file => !file.Sink!.HasPending).MinBy(file => (file.Sink!.IsCompressing, file.LastUsed)) is { } oldest)
        {
            open.Remove(oldest);
            current = null;
            using (oldest.Sink)
            {
                if (syncsOnClose)
                {
                    oldest.Sink!.Sync();
                }
            }
        }
    }

    /// <summary>One file's failure must not keep the others from being served; the first is thrown when all have been.</summary>
    private void ForEachOpen(Action<TokenFile> action)
    {
        Exception? first = null;
        foreach (var file in open)
        {
            try
            {
                action(file);
            }
            catch (Exception exception)
            {
                first ??= exception;
            }
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}

/// <summary>One of the files of a path with tokens: open, or refused.</summary>
internal sealed class TokenFile(byte[] key, string path)
{
    public string Path => path;

    public RollingFileSink? Sink { get; set; }

    /// <summary>Why it could not be opened.</summary>
    public LogFileException? Failure { get; set; }

    /// <summary>The larger the later.</summary>
    public long LastUsed { get; set; }

    public bool IsFor(ReadOnlySpan<byte> other) => other.SequenceEqual(key);
}
