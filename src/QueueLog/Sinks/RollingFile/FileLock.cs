using System.Security.Cryptography;
using System.Text;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The right to write one log file, held as an open lock file in the state folder; the system takes it back when the process dies.</summary>
internal sealed class FileLock : IDisposable
{
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
    /// <exception cref="LogFileInUseException">Someone has the lock, be it this process.</exception>
    /// <exception cref="LogFileException">The state folder cannot be used.</exception>
    public static FileLock Acquire(string path, FileLockScope scope)
    {
        var folder = Path.Combine(scope.StateFolder, "locks");
        var name = Path.Combine(folder, NameOf(path));
        var ownerPath = name + ".owner";
        FileStream? handle = null;
        try
        {
            Directory.CreateDirectory(folder);
            handle = new FileStream(name + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var process = Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "";
            WriteOwner(ownerPath, new LogFileOwner(Environment.ProcessId, process, scope.PipeAddress, path));
            return new FileLock(handle, ownerPath);
        }
        catch (IOException exception) when (handle is null && IsSharingViolation(exception))
        {
            throw new LogFileInUseException(path, ReadOwner(ownerPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            throw new LogFileException(path, LogFileFault.Other, $"The log file '{path}' cannot be locked in '{folder}': {exception.Message}", exception);
        }
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

    private static string NameOf(string path)
    {
        var key = RollingPath.NameComparison == StringComparison.OrdinalIgnoreCase ? path.ToUpperInvariant() : path;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32].ToLowerInvariant();
    }

    private static void WriteOwner(string ownerPath, LogFileOwner owner)
    {
        // Renamed into place, so that it is never seen half written.
        var draft = ownerPath + ".new";
        File.WriteAllText(draft, owner.ToString());
        File.Move(draft, ownerPath, overwrite: true);
    }

    private static LogFileOwner? ReadOwner(string ownerPath)
    {
        try
        {
            return LogFileOwner.Parse(File.ReadAllText(ownerPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsSharingViolation(IOException exception)
    {
        const int SharingViolation = 32;
        const int LockViolation = 33;
        const int WouldBlockOnLinux = 11;
        const int WouldBlockElsewhere = 35;
        if (OperatingSystem.IsWindows())
        {
            return (exception.HResult & 0xFFFF) is SharingViolation or LockViolation;
        }

        return exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockElsewhere);
    }
}
