namespace QueueLog.Sinks.RollingFile;

/// <summary>The names of the logs that one listener writes.</summary>
internal static class LogNames
{
    // So many old files of a log are looked at whether the tokens of another path could come to their names.
    private const int Samples = 20;

    /// <summary>Makes sure that none of them could be taken for an old file of another, and be rolled or deleted as such.</summary>
    /// <param name="paths">Full paths, tokens included.</param>
    /// <exception cref="LogFileException">One could.</exception>
    public static void Check(IEnumerable<string> paths)
    {
        var logs = paths.Select(path => new TokenPath(path)).Select(path => (Path: path, Start: Path.Combine(Environment.CurrentDirectory, path.Start))).Where(log => log.Path.IsOneFolder).ToList();
        foreach (var one in logs.Where(log => !log.Path.HasTokens))
        {
            var name = Path.GetFileName(one.Start);
            foreach (var other in logs.Where(log => log != one && AreInOneFolder(one.Start, log.Start)))
            {
                if (RollingPath.LogsWith(name).Any(log => Names(other, log)))
                {
                    throw Refuse(one.Start, other.Start);
                }

                if (other.Path.HasTokens && OldNamesOf(name).Any(other.Path.MayName))
                {
                    throw Refuse(other.Start, one.Start);
                }
            }
        }
    }

    private static bool Names((TokenPath Path, string Start) log, string name) =>
        log.Path.HasTokens ? log.Path.MayName(name) : Path.GetFileName(log.Start).Equals(name, RollingPath.NameComparison);

    private static IEnumerable<string> OldNamesOf(string log) => Enumerable.Range(1, Samples).SelectMany(number => new[] { $"{log}.{number}", $"{log}.{number}.gz" });

    private static bool AreInOneFolder(string one, string other) =>
        string.Equals(Path.GetDirectoryName(one), Path.GetDirectoryName(other), RollingPath.NameComparison);

    private static LogFileException Refuse(string log, string other) =>
        new(log, LogFileFault.InUse, $"The log '{log}' could be taken for an old file of '{other}', which the same listener writes; give it another name, or another folder.");
}
