namespace QueueLog.Sinks.RollingFile;

/// <summary>Which old files move on and which go, from the names that are there.</summary>
internal static class Retention
{
    /// <summary>Plans the roll of the current file.</summary>
    // Only the unbroken row 1, 2, 3 … is ours to move and delete. A roll that failed halfway leaves a gap, which the next one
    // closes without moving what lies beyond; and a run.log.2024 someone made is left alone. Deletions come last, so that a
    // roll that fails has deleted nothing.
    public static RollPlan Plan(RollingPath path, IEnumerable<string> names, int maxFiles)
    {
        var numbers = names.Select(path.NumberOf).OfType<int>().ToHashSet();
        var row = EndOfRow(numbers, 0);
        var renames = new List<(string, string)>();
        for (var number = row; number >= 1; number--)
        {
            renames.Add((path.NameOf(number), path.NameOf(number + 1)));
        }

        renames.Add((path.CurrentName, path.NameOf(1)));
        var deletions = new List<string>();
        for (var number = EndOfRow(numbers, row + 1); number > maxFiles; number--)
        {
            deletions.Add(path.NameOf(number));
        }

        return new RollPlan(renames, deletions);
    }

    private static int EndOfRow(HashSet<int> numbers, int from)
    {
        while (numbers.Contains(from + 1))
        {
            from++;
        }

        return from;
    }
}
