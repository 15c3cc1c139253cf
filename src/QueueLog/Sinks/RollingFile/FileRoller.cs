using QueueLog.Journal;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Carries out what <see cref="Retention"/> plans.</summary>
internal static class FileRoller
{
    /// <summary>Moves the current file and the old ones on.</summary>
    /// <returns>Null, or why an old file could not be deleted; the next roll will try again.</returns>
    /// <exception cref="IOException">A file could not be moved; the current one is where it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static Exception? Roll(RollingPath path, int maxFiles)
    {
        var names = Directory.EnumerateFiles(path.Folder).Select(file => Path.GetFileName(file));
        var plan = Retention.Plan(path, names, maxFiles);
        foreach (var (from, to) in plan.Renames)
        {
            File.Move(path.FullPathOf(from), path.FullPathOf(to));
            FaultPoint.Reach(JournalFault.InRoll);
        }

        Exception? failure = null;
        foreach (var name in plan.Deletions)
        {
            try
            {
                File.Delete(path.FullPathOf(name));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = exception;
            }
        }

        return failure;
    }
}
