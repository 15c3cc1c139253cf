using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static QueueLog.Native.Libc;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Files without a name, made aside, that become the next file of a log by being given one.</summary>
// Where many files were deleted a moment ago a file system may look at each of them before it makes another: on ext4 a new file
// takes longer than anything else of a roll. Giving it a name does not, and never replaces a file. Without a name nobody sees it,
// and whatever becomes of the process, the system takes it back.
internal sealed class PreparedFile(string folder) : IThreadPoolWorkItem, IDisposable
{
    private readonly object gate = new();
    private SafeFileHandle? ready;
    private bool isBeingMade;

    // Also where it turned out that this system, or this folder, does not do it.
    private bool disposed = !FlagsAreKnown;

    // O_TMPFILE holds O_DIRECTORY, which has not the same bit on every architecture.
    private static bool FlagsAreKnown => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private static int UnnamedReadWrite => 0x2 | 0x80000 | 0x400000 | (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000);

    /// <summary>Whether there is one.</summary>
    public bool IsReady
    {
        get
        {
            lock (gate)
            {
                return ready is not null;
            }
        }
    }

    /// <summary>Has one made on another thread, unless there is one.</summary>
    public void Prepare()
    {
        lock (gate)
        {
            if (disposed || isBeingMade || ready is not null)
            {
                return;
            }

            isBeingMade = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Gives the file away, or one that is made now.</summary>
    /// <returns>The file, which is open as <see cref="LogFile"/> opens files; null where there is none.</returns>
    public SafeFileHandle? Detach()
    {
        lock (gate)
        {
            if (ready is { } file)
            {
                ready = null;
                return file;
            }

            if (disposed)
            {
                return null;
            }
        }

        return TryMake(folder);
    }

    void IThreadPoolWorkItem.Execute()
    {
        var made = TryMake(folder);
        lock (gate)
        {
            isBeingMade = false;
            disposed |= made is null;
            if (!disposed)
            {
                ready = made;
                return;
            }
        }

        made?.Dispose();
    }

    public void Dispose()
    {
        SafeFileHandle? file;
        lock (gate)
        {
            disposed = true;
            (file, ready) = (ready, null);
        }

        file?.Dispose();
    }

    // Mode 0666, of which the process's mask takes its part, and a shared lock where the file system knows locks: as .NET would open it.
    private static SafeFileHandle? TryMake(string folder)
    {
        const int SharedAtOnce = 1 | 4;
        var descriptor = open(folder, UnnamedReadWrite, 0x1B6);
        if (descriptor < 0)
        {
            return null;
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = flock(file, SharedAtOnce);
        return file;
    }

    /// <summary>Gives such a file its name, if nothing has that.</summary>
    public static bool TryName(SafeFileHandle file, string path)
    {
        const int CurrentDirectory = -100;
        const int FollowLink = 0x400;
        return linkat(CurrentDirectory, $"/proc/self/fd/{file.DangerousGetHandle()}", CurrentDirectory, path, FollowLink) == 0;
    }
}
