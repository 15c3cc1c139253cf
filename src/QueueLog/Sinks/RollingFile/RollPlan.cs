namespace QueueLog.Sinks.RollingFile;

/// <summary>What a roll does, in this order, in file names.</summary>
/// <param name="Renames">Every target is free by the time its turn comes; the current file is the last.</param>
/// <param name="Deletions">Old files beyond those to keep, oldest first.</param>
// Deletions come last, so that a roll that fails has deleted nothing.
internal sealed record RollPlan(IReadOnlyList<(string From, string To)> Renames, IReadOnlyList<string> Deletions)
{
    /// <summary>Plans the roll of the current file.</summary>
    /// <param name="path">The log.</param>
    /// <param name="found">What stands in its folder.</param>
    /// <param name="current">The current file.</param>
    /// <param name="period">The period it is of.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="now">In UTC.</param>
    public static RollPlan For(RollingPath path, IReadOnlyCollection<FoundFile> found, FoundFile current, string period, RollingFileOptions options, DateTime now)
    {
        var renames = path.IsDated ? [] : MoveOn(path, found);
        renames.Add((path.CurrentName, path.IsDated ? FirstFree(path, found, period) : path.NameOf(new OldFile(null, 1, false))));
        var moved = renames.ToDictionary();
        var after = found.Where(file => file.Name != path.CurrentName).Append(current).Select(file => moved.TryGetValue(file.Name, out var name) ? file with { Name = name } : file);

        // The new file is empty, but may grow.
        return new RollPlan(renames, Retention.Plan(path, after, options, options.MaxFileSize ?? 0, now));
    }

    // Only the unbroken row 1, 2, 3 … is ours to move. A roll that failed halfway leaves a gap, which the next one closes without
    // moving what lies beyond; and a run.log.2024 someone made is left alone.
    private static List<(string From, string To)> MoveOn(RollingPath path, IReadOnlyCollection<FoundFile> found)
    {
        var row = OldFileRow.Of(path, found);
        row.Reverse();
        return row.ConvertAll(old => (old.Found.Name, path.NameOf(old.File with { Number = old.File.Number + 1 })));
    }

    // Behind the newest of the period, whether it is compressed or not, so that numbers tell the order of time also where the
    // oldest were deleted; and never a name that is taken, be it by a folder.
    private static string FirstFree(RollingPath path, IReadOnlyCollection<FoundFile> found, string period)
    {
        var numbers = found.Select(file => path.Parse(file.Name)).Where(file => file?.Date == period).Select(file => file!.Value.Number);
        var next = new OldFile(period, numbers.DefaultIfEmpty(-1).Max() + 1, false);
        while (found.Any(file => file.Name.Equals(path.NameOf(next), RollingPath.NameComparison)))
        {
            next = next with { Number = next.Number + 1 };
        }

        return path.NameOf(next);
    }
}
