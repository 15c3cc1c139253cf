using Microsoft.Win32.SafeHandles;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Deletes files of a log: their names at once, what they hold aside.</summary>
// The system frees a file's content with the last that refers to it, and takes the longer for it the longer the file is. So while
// the name goes the file is held, which takes no right to it and touches nothing in it; another thread lets it go. A process that
// is killed in between lets it go as well.
internal sealed class DeferredDelete : IThreadPoolWorkItem
{
    // One at a time: what comes faster than it can be freed, or than the thread pool gets to it, is not put off.
    private SafeFileHandle? held;

    /// <exception cref="IOException">The file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    public void Delete(string path)
    {
        var file = OperatingSystem.IsLinux() && Volatile.Read(ref held) is null ? RawHandle.ToHold(path) : null;
        try
        {
            File.Delete(path);
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        if (file is not null)
        {
            Volatile.Write(ref held, file);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        held!.Dispose();
        Volatile.Write(ref held, null);
    }
}
