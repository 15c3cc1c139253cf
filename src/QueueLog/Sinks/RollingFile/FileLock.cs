using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Transport;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The right to write one log file, held as an open lock file in the state folder; the system takes it back when the process dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream handle;
    private readonly string ownerPath;
    private int disposed;

    private FileLock(FileStream handle, string ownerPath)
    {
        this.handle = handle;
        this.ownerPath = ownerPath;
    }

    /// <param name="path">The log file, as <see cref="RealPath"/> gives it.</param>
    /// <param name="scope">Where the lock lives and whose it is.</param>
    /// <exception cref="LogFileInUseException">Someone has the lock, be it this process, or that on another name (a hard link) of the same file.</exception>
    /// <exception cref="LogFileException">The state folder cannot be used.</exception>
    public static FileLock Acquire(string path, FileLockScope scope)
    {
        var folder = Path.Combine(scope.StateFolder, "locks");
        var name = Path.Combine(folder, NameOf(path));
        var ownerPath = name + ".owner";
        FileStream? handle = null;
        LogFileOwner? other;
        try
        {
            Directory.CreateDirectory(folder);
            handle = OpenLock(name + ".lock", ownerPath);
            BusyFile.Replace(ownerPath, new LogFileOwner(Environment.ProcessId, ProcessContext.Program, scope.PipeAddress, path).ToString());
            other = FindOwnerByAnotherName(path, folder, ownerPath);
        }
        catch (IOException exception) when (handle is null && OwnerLock.IsHeld(exception))
        {
            throw new LogFileInUseException(path, ReadOwner(ownerPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            throw new LogFileException(path, LogFileFault.Other, $"The log file '{path}' cannot be locked in '{folder}': {exception.Message}", exception);
        }

        var taken = new FileLock(handle, ownerPath);
        if (other is not null)
        {
            taken.Dispose();
            throw new LogFileInUseException(path, other);
        }

        return taken;
    }

    // The lock file stays: between its deletion and the release of the lock another process could open it, and then two would
    // hold locks on two files of the same name.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        try
        {
            File.Delete(ownerPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A stale note misleads no one: it is read only while the lock is held, and then it is a newer one.
        }

        handle.Dispose();
    }

    // The system may give back the lock of a process that was killed a moment after the process is gone.
    private static FileStream OpenLock(string path, string ownerPath)
    {
        for (var limit = new WaitLimit(Timeout); ; Thread.Sleep(Pause))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (OwnerLock.IsHeld(exception) && !limit.IsOver() && ReadOwner(ownerPath) is { } owner && ProcessStart.Of(owner.Pid) is null)
            {
            }
        }
    }

    // Two locks on two hard links of one file would let two listeners write over each other's lines. Both have left their notes
    // before they look, so of two that come at once at least one is refused.
    private static LogFileOwner? FindOwnerByAnotherName(string path, string folder, string ownerPath)
    {
        if (!FileIdentity.HasOtherNames(path) || FileIdentity.Of(path) is not { } identity)
        {
            return null;
        }

        foreach (var note in Directory.EnumerateFiles(folder, "*.owner"))
        {
            if (note != ownerPath && ReadOwner(note) is { } owner && FileIdentity.Of(owner.Path) == identity && IsHeld(Path.ChangeExtension(note, ".lock")))
            {
                return owner;
            }
        }

        return null;
    }

    private static bool IsHeld(string lockPath)
    {
        using var taken = OwnerLock.TryAcquire(lockPath);
        return taken is null;
    }

    private static string NameOf(string path)
    {
        var key = RollingPath.NameComparison == StringComparison.OrdinalIgnoreCase ? path.ToUpperInvariant() : path;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32].ToLowerInvariant();
    }

    private static LogFileOwner? ReadOwner(string ownerPath)
    {
        try
        {
            return LogFileOwner.Parse(BusyFile.Read(ownerPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Who holds the lock on a log file.</summary>
// owner file = pid LF process LF pipe LF path LF, in UTF-8
internal sealed record LogFileOwner(int Pid, string Process, string Pipe, string Path)
{
    public static LogFileOwner? Parse(string text) =>
        text.Split('\n') is [var pid, var process, var pipe, var path, ..]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new LogFileOwner(number, process, pipe, path)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}\n{Process}\n{Pipe}\n{Path}\n");
}

/// <summary>Where file locks live and on whose behalf they are taken.</summary>
/// <param name="StateFolder">The user's state folder.</param>
/// <param name="PipeAddress">The address of the listener that owns the files, for those it turns away.</param>
internal sealed record FileLockScope(string StateFolder, string PipeAddress);
