using Microsoft.Win32.SafeHandles;
using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The file that a log goes on in: new, whatever others have made of its name, and there before the present one is renamed.</summary>
// A disk that has no room for another file, or a folder that takes no more, costs the log its roll and nothing else.
internal sealed class NextFile : IDisposable
{
    // Null where the file has no name yet.
    private readonly string? draft;
    private SafeFileHandle? handle;

    private NextFile(SafeFileHandle handle, string? draft)
    {
        this.handle = handle;
        this.draft = draft;
    }

    /// <param name="draft">What it is called until it takes its place.</param>
    /// <param name="rights">The rights of the present file; null for those that any new file has.</param>
    /// <param name="spare">Where there may be one.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static NextFile Make(string draft, FileRights? rights, PreparedFile spare)
    {
        if (spare.Detach() is { } nameless)
        {
            if (!OperatingSystem.IsWindows())
            {
                rights?.GiveTo(nameless);
            }

            WriteLock.TryAcquire(nameless);
            return new NextFile(nameless, draft: null);
        }

        File.Delete(draft);
        var file = NamedFile.Create(draft, rights);
        WriteLock.TryAcquire(file);
        return new NextFile(file, draft);
    }

    /// <summary>Puts it in its place.</summary>
    /// <returns>The file; null when something has come there, or it cannot be put there, and it is gone.</returns>
    public SafeFileHandle? MoveTo(string path)
    {
        if (handle is { } file && (draft is null ? PreparedFile.TryName(file, path) : TryRename(file, draft, path)))
        {
            handle = null;
            return file;
        }

        Dispose();
        return null;
    }

    public void Dispose()
    {
        if (handle is null)
        {
            return;
        }

        handle.Dispose();
        handle = null;
        if (draft is null)
        {
            return;
        }

        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start removes it.
        }
    }

    private static bool TryRename(SafeFileHandle file, string draft, string path)
    {
        try
        {
            if (FileIdentity.Of(file) is { } identity && !identity.IsAt(draft))
            {
                return false;
            }

            AtomicRename.Move(draft, path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
