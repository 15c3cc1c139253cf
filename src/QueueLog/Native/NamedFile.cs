using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>Opens and makes files in folders where others may make names, too: what has the very name, and never what a link leads to.</summary>
internal static class NamedFile
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Opens a file to be read and written.</summary>
    /// <returns>Null when nothing has that name.</returns>
    /// <exception cref="FileReplacedException">It is a link, or has been replaced at this moment.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle? Open(string path)
    {
        SafeFileHandle handle;
        try
        {
            if (!OperatingSystem.IsWindows() && FileStatus.OfName(path) is { IsLink: true })
            {
                throw new FileReplacedException(path);
            }

            handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, All);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && FileStatus.OfName(path) is { } named && FileStatus.Of(handle) is { } opened && (named.Device, named.Number) != (opened.Device, opened.Number))
        {
            handle.Dispose();
            throw new FileReplacedException(path);
        }

        return handle;
    }

    /// <summary>Opens a file to be read.</summary>
    /// <returns>Null for what is no file, such as a link or a pipe.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle? OpenToRead(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, All);
        }

        if (FileStatus.OfName(path) is { IsRegular: false })
        {
            return null;
        }

        // Not by .NET: it would follow a link, or wait for the other end of a pipe, that came between.
        if (RawHandle.ToRead(path) is not { } handle)
        {
            var error = RawHandle.LastError(path);
            return FileStatus.OfName(path) is { IsRegular: false } ? null : throw error;
        }

        if (FileStatus.Of(handle) is not { IsRegular: false })
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Makes a file, to be read and written, that was not there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="rights">The rights it is to have; null for those that any new file has.</param>
    /// <exception cref="IOException">Something has that name, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static SafeFileHandle Create(string path, FileRights? rights)
    {
        if (OperatingSystem.IsWindows() || rights is null)
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, All);
        }

        // For nobody else until it has its rights.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = All, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        var handle = new FileStream(path, options).SafeFileHandle;
        try
        {
            rights.Value.GiveTo(handle);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Whether an exception says that something has that name.</summary>
    // EEXIST; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS.
    public static bool IsTaken(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is unchecked((int)0x80070050) or unchecked((int)0x800700B7)
        : exception.HResult == 17;
}

/// <summary>Something else has a file's name than a moment ago.</summary>
internal sealed class FileReplacedException(string path) : IOException($"'{path}' is not the file that it was a moment ago.");
