namespace QueueLog.Sinks.RollingFile;

/// <summary>The old files of a log among what stands in its folder.</summary>
internal static class OldFileRow
{
    /// <summary>Those that are the log's own, newest first: of numbered ones the unbroken row 1, 2, 3 …, of dated ones all.</summary>
    public static List<(OldFile File, FoundFile Found)> Of(RollingPath path, IEnumerable<FoundFile> found)
    {
        var files = new List<(OldFile File, FoundFile Found)>();
        foreach (var item in found)
        {
            if (!item.IsFolder && path.Parse(item.Name) is { } file)
            {
                files.Add((file, item));
            }
        }

        files.Sort(static (one, other) => other.File.CompareTo(one.File));
        if (!path.IsDated)
        {
            var last = 0L;
            var end = files.FindIndex(old => old.File.Number > last + 1 || (last = old.File.Number) < 0);
            files.RemoveRange(end < 0 ? files.Count : end, end < 0 ? 0 : files.Count - end);
        }

        return files;
    }
}
