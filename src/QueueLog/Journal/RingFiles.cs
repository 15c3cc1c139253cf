using System.Globalization;
using QueueLog.Transport;

namespace QueueLog.Journal;

/// <summary>The names of the files that belong to one ring.</summary>
internal static class RingFiles
{
    public const string RingExtension = ".ring";
    public const string LockExtension = ".lock";
    public const string UnfinishedExtension = ".draft";
    public const string LargeExtension = ".large";
    public const string UnreadableExtension = ".unreadable";

    /// <summary>Of a ring that is removed and could not be deleted, since its writer has it mapped still: on Windows that forbids it.</summary>
    public const string RemainsExtension = ".remains";

    public static string LockOf(string ring) => Path.ChangeExtension(ring, LockExtension);

    public static string UnfinishedOf(string ring) => Path.ChangeExtension(ring, UnfinishedExtension);

    public static string LargeOf(string ring, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{ring[..^RingExtension.Length]}-{number}{LargeExtension}");

    /// <summary>Removes a ring with everything that belongs to it. What cannot be removed now is found by the next listener.</summary>
    public static void Delete(string ring)
    {
        if (!TryRemove(ring))
        {
            // Then its lock is of use, too.
            return;
        }

        var folder = Path.GetDirectoryName(ring)!;
        var name = Path.GetFileNameWithoutExtension(ring);
        try
        {
            foreach (var large in Directory.EnumerateFiles(folder, name + "-*" + LargeExtension))
            {
                TryDelete(large);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has removed the whole folder.
        }

        TryDelete(LockOf(ring));
    }

    /// <summary>Takes a ring away from every listener that may look for rings in its folder. Who has it open can go on.</summary>
    /// <returns>Whether it could be done.</returns>
    public static bool TryHide(string ring) => TryMove(ring, RemainsOf(ring));

    /// <summary>Puts a ring back that was hidden.</summary>
    /// <returns>Whether it could be done.</returns>
    public static bool TryUnhide(string ring) => TryMove(RemainsOf(ring), ring);

    /// <summary>Removes a ring, hidden or not, with everything that belongs to it.</summary>
    public static void DeleteHidden(string ring)
    {
        TryDelete(RemainsOf(ring));
        Delete(ring);
    }

    /// <summary>Deletes what is left of rings in a folder, as far as their writers have let it go.</summary>
    public static void DeleteRemains(string folder)
    {
        try
        {
            foreach (var remains in Directory.EnumerateFiles(folder, "*" + RemainsExtension))
            {
                TryDelete(remains);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has removed the whole folder.
        }
    }

    /// <summary>Puts a ring that is nonsense where no listener takes it for one; it goes with its folder.</summary>
    public static void SetAside(string ring) => TryMove(ring, Path.ChangeExtension(ring, UnreadableExtension));

    public static void TryDeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <returns>Whether it is gone.</returns>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // On Windows a file that somebody has open keeps its name as long, if it can be deleted at all.
    private static bool TryRemove(string ring)
    {
        var remains = RemainsOf(ring);
        if (!OperatingSystem.IsWindows() || !File.Exists(ring) || !TryMove(ring, remains))
        {
            return TryDelete(ring);
        }

        TryDelete(remains);
        return true;
    }

    private static string RemainsOf(string ring) => Path.ChangeExtension(ring, RemainsExtension);

    private static bool TryMove(string from, string to)
    {
        try
        {
            BusyFile.Retry(() => File.Move(from, to, overwrite: true));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
