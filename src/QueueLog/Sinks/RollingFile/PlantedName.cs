using QueueLog.Native;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Names that another user could have planted to redirect a log into a file of his choice.</summary>
// As the systems judge it that protect links and files in folders for all; but whatever their settings are, and files there, too,
// that take a log's place while it is written. Windows lets only administrators make links.
internal static class PlantedName
{
    /// <exception cref="LogFileException">The link could be planted.</exception>
    public static void CheckLink(string link)
    {
        if (!OperatingSystem.IsWindows() && FileStatus.OfName(link) is { IsLink: true } status && FolderOf(link) is { LetsOthersWrite: true } folder && !IsTrusted(status, folder))
        {
            throw Refuse(link, $"the link belongs to user {status.Owner}, and in its folder others may make links; remove it, or name what it leads to");
        }
    }

    /// <param name="path">What is a file, or nothing.</param>
    /// <param name="former">The rights of the file that it has taken the place of; null for one that was named at the start.</param>
    /// <exception cref="LogFileException">The file could be planted.</exception>
    public static void CheckFile(string path, FileRights? former)
    {
        if (OperatingSystem.IsWindows() || FileStatus.OfName(path) is not { } status || FolderOf(path) is not { LetsOthersWrite: true } folder)
        {
            return;
        }

        var isSticky = folder.Mode.HasFlag(UnixFileMode.StickyBit);
        if ((isSticky || former is not null) && !IsTrusted(status, folder) && status.Owner != former?.Owner)
        {
            throw Refuse(path, $"it belongs to user {status.Owner}, and in its folder others may make files; remove it, or log to another folder");
        }

        if (isSticky && status.Links > 1)
        {
            throw Refuse(path, "it has more than one name, and in its folder others may give a file one; remove it, or log to another folder");
        }
    }

    private static bool IsTrusted(FileStatus status, FileStatus folder) => OperatingSystem.IsWindows() || status.IsTrusted || status.Owner == folder.Owner;

    private static FileStatus? FolderOf(string path) => OperatingSystem.IsWindows() ? null : FileStatus.Of(Path.GetDirectoryName(path) ?? path);

    private static LogFileException Refuse(string path, string reason) => new(path, LogFileFault.AccessDenied, $"'{path}' is not written: {reason}.");
}
