using System.Runtime.ExceptionServices;
using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Writes every record to the file its own values name, and keeps the most recently used of these files open.</summary>
internal sealed class TokenFileSink : IRecordSink
{
    private readonly TokenPath path;
    private readonly RollingFileOptions options;
    private readonly IRecordFormatter formatter;
    private readonly FileLockScope locks;
    private readonly FailureLog failures;
    private readonly ByteWriter key = new(256);
    private readonly List<TokenFile> open = [];

    // Files that could not be opened since the last flush: one try per batch is enough.
    private readonly List<TokenFile> refused = [];

    // Files this sink has opened: overwriting is for what a former run left, not for a file that was closed to spare handles.
    private readonly HashSet<string> seen = new(StringComparer.FromComparison(RollingPath.NameComparison));
    private TokenFile? current;
    private long clock;
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
        LogFile.ProbeFolder(FolderOf(path.Start));
    }

    public int OpenFiles => open.Count;

    public void Write(scoped in RecordView record)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        key.Clear();
        path.Expand(in record, key);
        if (current is null || !current.IsFor(key.Written))
        {
            current = Find(open) ?? Open();
        }

        current.LastUsed = ++clock;
        current.Sink!.Write(in record);
    }

    public void Flush()
    {
        refused.Clear();
        ForEachOpen(static sink => sink.Flush());
    }

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            ForEachOpen(static sink => sink.Dispose());
            open.Clear();
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

        var fullPath = Path.GetFullPath(Encoding.UTF8.GetString(key.Written));

        // Two keys may differ in case only and still name one file.
        if (open.Find(file => file.Path.Equals(fullPath, RollingPath.NameComparison)) is { } same)
        {
            return same;
        }

        if (open.Count >= options.MaxOpenFiles)
        {
            CloseLeastRecentlyUsed();
        }

        var opened = new TokenFile(key.Written.ToArray(), fullPath);
        try
        {
            var overwrite = options.Overwrite && !seen.Contains(fullPath);
            opened.Sink = new RollingFileSink(options with { Path = fullPath, Overwrite = overwrite }, formatter, locks, failures);
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

    private void CloseLeastRecentlyUsed()
    {
        var oldest = open.MinBy(file => file.LastUsed)!;

        // Flushed first: if that fails, the file stays open with all it holds, and it is the new record that is refused.
        oldest.Sink!.Flush();
        open.Remove(oldest);
        current = null;
        oldest.Sink.Dispose();
    }

    /// <summary>One file's failure must not keep the others from being served; the first is thrown when all have been.</summary>
    private void ForEachOpen(Action<RollingFileSink> action)
    {
        Exception? first = null;
        foreach (var file in open)
        {
            try
            {
                action(file.Sink!);
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
