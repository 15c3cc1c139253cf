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
    public static IReadOnlyList<string> Plan(RollingPath path, IEnumerable<FoundFile> found, RollingFileOptions options, long reserved, DateTime now) =>
        Plan(OldFileRow.Of(path, found), options, reserved, now);

    /// <inheritdoc cref="Plan(RollingPath, IEnumerable{FoundFile}, RollingFileOptions, long, DateTime)"/>
    /// <param name="row">The log's old files, newest first.</param>
    // What goes is always the end of the row, so that it has no gaps.
    public static IReadOnlyList<string> Plan(List<(OldFile File, FoundFile Found)> row, RollingFileOptions options, long reserved, DateTime now)
    {
        var total = reserved;
        var kept = 0;
        for (var count = 0; count < options.MaxFiles && kept < row.Count; count++)
        {
            var end = EndOfForms(row, kept);
            for (var i = kept; i < end; i++)
            {
                total += row[i].Found.Length;
            }

            if (total > options.MaxTotalSize)
            {
                break;
            }

            kept = end;
        }

        if (options.MaxAge is { } age)
        {
            // Someone may have touched a file: an older one that looks younger keeps those before it.
            var young = row.FindLastIndex(old => now - old.Found.LastWrite <= age);
            kept = Math.Min(kept, young < 0 ? 0 : EndOfForms(row, young));
        }

        var names = new string[row.Count - kept];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = row[^(i + 1)].Found.Name;
        }

        return names;
    }

    // Both forms of a file are one.
    private static int EndOfForms(List<(OldFile File, FoundFile Found)> row, int start)
    {
        var end = start + 1;
        while (end < row.Count && row[end].File.AsPlain() == row[start].File.AsPlain())
        {
            end++;
        }

        return end;
    }
}
