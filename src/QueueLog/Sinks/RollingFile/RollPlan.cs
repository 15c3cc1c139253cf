namespace QueueLog.Sinks.RollingFile;

/// <summary>What a roll does, in this order, in file names.</summary>
/// <param name="Renames">Every target is free by the time its turn comes; the current file is the last.</param>
/// <param name="Deletions">Old files beyond those to keep, oldest first.</param>
/// <param name="Next">What the current file is called from then on.</param>
// Deletions come last, so that a roll that fails has deleted nothing.
internal sealed record RollPlan(IReadOnlyList<(string From, string To)> Renames, IReadOnlyList<string> Deletions, string Next)
{
    /// <summary>Plans the roll of the current file.</summary>
    /// <param name="path">The log.</param>
    /// <param name="found">What stands in its folder.</param>
    /// <param name="current">The current file.</param>
    /// <param name="period">The period it is of; where dates stand in all names, that of the next one.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="now">In UTC.</param>
    public static RollPlan For(RollingPath path, IReadOnlyCollection<FoundFile> found, FoundFile current, string period, RollingFileOptions options, DateTime now)
    {
        var files = OldFileRow.All(path, found);
        if (path.IsInName)
        {
            // It keeps its name, and is no file of the log if there was nothing to be written to it.
            var next = path.NameOf(FirstFree(path, found, files, period));
            var isEmpty = current.Length == 0;
            var old = files.Where(file => !isEmpty || file.Found.Name != current.Name).Select(file => file.Found.Name == current.Name ? (file.File, current) : file);
            var deletions = Retention.Plan([.. old], options, options.MaxFileSize ?? 0, now);
            return new RollPlan([], isEmpty ? [.. deletions, current.Name] : deletions, next);
        }

        var renames = path.IsDated ? [] : MoveOn(path, files);
        var name = path.NameOf(path.IsDated ? FirstFree(path, found, files, period) : new OldFile(null, 1, false));
        renames.Add((path.Name, name));
        if (path.Parse(name) is { } first)
        {
            files.Add((first, current with { Name = name }));
            OldFileRow.Sort(files);
        }

        OldFileRow.Cut(path, files);

        // The new file is empty, but may grow.
        return new RollPlan(renames, Retention.Plan(files, options, options.MaxFileSize ?? 0, now), path.Name);
    }

    // Only the unbroken row 1, 2, 3 … is ours to move. A roll that failed halfway leaves a gap, which the next one closes without
    // moving what lies beyond; and a run.log.2024 someone made is left alone.
    private static List<(string From, string To)> MoveOn(RollingPath path, List<(OldFile File, FoundFile Found)> files)
    {
        var renames = new List<(string From, string To)>();
        for (var i = OldFileRow.Unbroken(files) - 1; i >= 0; i--)
        {
            var (file, old) = files[i];
            var next = file with { Number = file.Number + 1 };
            var name = path.NameOf(next);
            renames.Add((old.Name, name));
            files[i] = (next, old with { Name = name });
        }

        return renames;
    }

    // Behind the newest of the period, whether it is compressed or not, so that numbers tell the order of time also where the
    // oldest were deleted; and never a name that is taken, be it by a folder.
    public static OldFile FirstFree(RollingPath path, IReadOnlyCollection<FoundFile> found, List<(OldFile File, FoundFile Found)> files, string period)
    {
        var newest = files.FindIndex(old => old.File.Date == period);
        var next = new OldFile(period, newest < 0 ? 0 : files[newest].File.Number + 1, false);
        while (IsTaken(found, path.NameOf(next)))
        {
            next = next with { Number = next.Number + 1 };
        }

        return next;
    }

    private static bool IsTaken(IReadOnlyCollection<FoundFile> found, string name)
    {
        foreach (var file in found)
        {
            if (file.Name.Equals(name, RollingPath.NameComparison))
            {
                return true;
            }
        }

        return false;
    }
}
