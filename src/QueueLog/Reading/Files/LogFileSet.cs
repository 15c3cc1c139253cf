using System.IO.Enumeration;
using QueueLog.Native;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reading.Files;

/// <summary>The files of a log in order of time, all opened at one moment between two rolls.</summary>
internal static class LogFileSet
{
    // Rolls are moments; a folder that changes all the time is read as it is.
    private const int MaxAttempts = 20;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Opens them, oldest first.</summary>
    /// <param name="path">Full path of the log.</param>
    /// <param name="report">Told of a file that cannot be opened.</param>
    public static IReadOnlyList<LogSegment> Open(string path, Action<ReadProblem> report)
    {
        for (var attempt = 1; ; attempt++)
        {
            var problems = new List<ReadProblem>();
            var log = Target(path);
            var segments = TryOpen(log, problems);
            if (attempt == MaxAttempts || (segments is not null && IsUnchanged(log, segments)))
            {
                problems.ForEach(report);
                return segments ?? [];
            }

            foreach (var segment in segments ?? [])
            {
                segment.Dispose();
            }
        }
    }

    /// <summary>Full path of the log that a link leads to, or else the path: a log's old files lie beside the file itself.</summary>
    public static string Target(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A circle, say. Whoever opens it is told.
            return path;
        }
    }

    /// <summary>Each log once, whatever names led to it, and no old file beside the log that it belongs to.</summary>
    /// <param name="logs">Full paths.</param>
    public static string[] Distinct(IEnumerable<string> logs)
    {
        var found = logs.DistinctBy(log => (object?)FileIdentity.Of(log) ?? log).Select(log => (Path: log, Target: WithoutLinks(Target(log)))).ToArray();
        var targets = found.Select(log => log.Target).ToHashSet(StringComparer.FromComparison(RollingPath.NameComparison));
        return [.. WholeLogs(found.Where(log => !LogName.LogsWith(Path.GetFileName(log.Target)).Any(other => targets.Contains(Path.Combine(Path.GetDirectoryName(log.Target)!, other)))).Select(log => (log.Path, log.Target)))];
    }

    /// <summary>The full path of the file that is written, or will be.</summary>
    public static string Current(string path) => !File.Exists(path) && NamesBeside(Target(path)) is [.., { IsCurrent: true } last] ? Path.Combine(Path.GetDirectoryName(Target(path))!, last.Name) : path;

    // Where all files of a log with dates in their names are named, they are one log. One of them, or some, are read as they are.
    private static IEnumerable<string> WholeLogs(IEnumerable<(string Path, string Target)> files)
    {
        foreach (var group in files.GroupBy(file => LogWithDates(file.Target) ?? file.Path))
        {
            var all = group.Key == group.First().Path ? [] : NamesBeside(group.Key);
            var isWhole = all.Length > 1 && all.Length == group.Select(file => file.Target).Distinct().Count();
            foreach (var path in isWhole ? [group.Key] : group.Select(file => file.Path))
            {
                yield return path;
            }
        }
    }

    private static string? LogWithDates(string file) =>
        DatedName.LogOf(Path.GetFileName(file)) is { } log && Path.Combine(Path.GetDirectoryName(file)!, log) is var path && !File.Exists(path) ? path : null;

    // The folders above may be links, too.
    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var real = Path.Combine(WithoutLinks(parent), Path.GetFileName(path));
        try
        {
            return Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target ? WithoutLinks(target.FullName) : real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return real;
        }
    }

    /// <summary>The names of a log's files, oldest first.</summary>
    public static IReadOnlyList<LogName> Names(string path) => NamesBeside(Target(path));

    private static LogName[] NamesBeside(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var log = Path.GetFileName(path);
        var names = Beginning(folder, log).Select(name => LogName.Parse(log, name)).OfType<LogName>().ToList();
        var areDated = names.Count == 0;
        if (areDated)
        {
            names = [.. Beginning(folder, DatedName.PrefixOf(log)).Select(name => LogName.ParseDated(log, name)).OfType<LogName>()];
        }

        // A pipe, say, that somebody has made there: it would be waited for.
        names.RemoveAll(name => !name.IsCurrent && !OperatingSystem.IsWindows() && FileStatus.Of(Path.Combine(folder, name.Name)) is { IsRegular: false });

        // While a file is being compressed both are there, and the compressed one may not be whole.
        var plain = names.Where(name => !name.IsCompressed).Select(name => name.Name).ToHashSet(StringComparer.FromComparison(RollingPath.NameComparison));
        names.RemoveAll(name => name.IsCompressed && plain.Contains(name.Name[..^LogName.Compressed.Length]));

        if (areDated)
        {
            LogName[] row = [.. names.OrderBy(name => name.Period).ThenBy(name => name.Number)];
            return row is [.. var old, { IsCompressed: false } last] ? [.. old, last with { IsCurrent = true }] : row;
        }

        // What was named may be a day of a dated log: of that the larger numbers are the newer.
        if (LogName.LogsWith(log).Any(whole => LogName.Parse(whole, log)!.Period is not null))
        {
            return [.. names.OrderBy(name => name.Number)];
        }

        var dated = names.Where(name => name.Period is not null).OrderBy(name => name.Period).ThenBy(name => name.Number).ToArray();
        var numbered = names.Where(name => name.Period is null).OrderByDescending(name => name.IsCurrent ? -1 : name.Number).ToArray();
        var oldNumbered = numbered.Where(name => !name.IsCurrent).ToArray();

        // A log that was rolled in both ways, one after the other: the newest of each tells which came first.
        var datedFirst = dated.Length == 0 || oldNumbered.Length == 0 || WrittenAt(folder, dated[^1]) <= WrittenAt(folder, oldNumbered[^1]);
        return [.. datedFirst ? dated : oldNumbered, .. datedFirst ? oldNumbered : dated, .. numbered.Where(name => name.IsCurrent)];
    }

    // Of the thousands of files that a path with tokens may make, those of others are not even given a name here.
    private static FileSystemEnumerable<string> Beginning(string folder, string start) =>
        new(folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName.StartsWith(start, RollingPath.NameComparison) && !entry.IsDirectory,
        };

    private static DateTime WrittenAt(string folder, LogName name) => File.GetLastWriteTimeUtc(Path.Combine(folder, name.Name));

    /// <summary>Null when a file vanished meanwhile.</summary>
    private static List<LogSegment>? TryOpen(string path, List<ReadProblem> problems)
    {
        var segments = new List<LogSegment>();
        foreach (var name in NamesBeside(path))
        {
            var file = Path.Combine(Path.GetDirectoryName(path)!, name.Name);
            try
            {
                segments.Add(LogSegment.Open(file, name));
            }
            catch (FileNotFoundException)
            {
                segments.ForEach(segment => segment.Dispose());
                return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems.Add(new ReadProblem(ReadFault.Unreadable, file, exception));
            }
        }

        return segments;
    }

    /// <summary>Whether every name still leads to the file that was opened by it, and there is none beside them.</summary>
    private static bool IsUnchanged(string path, List<LogSegment> segments)
    {
        var open = segments.ToDictionary(segment => segment.Name.Name, segment => segment.Identity);
        return NamesBeside(path).All(name => !open.TryGetValue(name.Name, out var identity)
            ? !CanOpen(Path.Combine(Path.GetDirectoryName(path)!, name.Name))
            : identity is null || FileIdentity.Of(Path.Combine(Path.GetDirectoryName(path)!, name.Name)) == identity);
    }

    private static bool CanOpen(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
