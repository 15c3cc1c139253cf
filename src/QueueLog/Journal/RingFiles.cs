using System.Globalization;

namespace QueueLog.Journal;

/// <summary>The names of the files that belong to one ring.</summary>
internal static class RingFiles
{
    public const string RingExtension = ".ring";
    public const string LockExtension = ".lock";
    public const string DraftExtension = ".draft";
    public const string LargeExtension = ".large";
    public const string UnreadableExtension = ".unreadable";

    public static string LockOf(string ring) => Path.ChangeExtension(ring, LockExtension);

    public static string DraftOf(string ring) => Path.ChangeExtension(ring, DraftExtension);

    public static string LargeOf(string ring, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{ring[..^RingExtension.Length]}-{number}{LargeExtension}");

    /// <summary>Removes a ring with everything that belongs to it. What cannot be removed now is found by the next listener.</summary>
    public static void Delete(string ring)
    {
        TryDelete(ring);
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

    /// <summary>Puts a ring that is nonsense where no listener takes it for one; it goes with its folder.</summary>
    public static void SetAside(string ring)
    {
        try
        {
            File.Move(ring, Path.ChangeExtension(ring, UnreadableExtension), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

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

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
