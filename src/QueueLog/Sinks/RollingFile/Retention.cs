namespace QueueLog.Sinks.RollingFile;

/// <summary>Which old files go, from what stands in the log's folder.</summary>
internal static class Retention
{
    /// <summary>Plans the deletion of those that are too many, too large together or too old.</summary>
    /// <param name="path">The log.</param>
    /// <param name="found">What stands in its folder.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="reserved">Bytes of the current file.</param>
    /// <param name="now">In UTC.</param>
    /// <returns>Their names, oldest first.</returns>
    // What goes is always the end of the row, so that it has no gaps.
    public static IReadOnlyList<string> Plan(RollingPath path, IEnumerable<FoundFile> found, RollingFileOptions options, long reserved, DateTime now)
    {
        // Both forms of a file are one.
        var files = OldFileRow.Of(path, found).GroupBy(old => old.File.AsPlain(), old => old.Found).ToList();
        var total = reserved;
        var kept = files
            .Take(options.MaxFiles)
            .TakeWhile(file => options.MaxTotalSize is not { } most || (total += file.Sum(form => form.Length)) <= most)
            .Count();
        if (options.MaxAge is { } age)
        {
            // Someone may have touched a file: an older one that looks younger keeps those before it.
            kept = Math.Min(kept, files.FindLastIndex(file => now - file.Max(form => form.LastWrite) <= age) + 1);
        }

        return [.. files.Skip(kept).Reverse().SelectMany(file => file).Select(form => form.Name)];
    }
}
