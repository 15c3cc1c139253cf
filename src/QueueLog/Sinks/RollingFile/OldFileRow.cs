namespace QueueLog.Sinks.RollingFile;

/// <summary>The old files of a log among what stands in its folder.</summary>
internal static class OldFileRow
{
    /// <summary>Those that are the log's own, newest first: of numbered ones the unbroken row 1, 2, 3 …, of dated ones all.</summary>
    public static List<(OldFile File, FoundFile Found)> Of(RollingPath path, IEnumerable<FoundFile> found)
    {
        var files = All(path, found);
        Cut(path, files);
        return files;
    }

    /// <summary>All that have such a name, newest first.</summary>
    public static List<(OldFile File, FoundFile Found)> All(RollingPath path, IEnumerable<FoundFile> found)
    {
        var files = new List<(OldFile File, FoundFile Found)>();
        foreach (var item in found)
        {
            if (!item.IsFolder && path.Parse(item.Name) is { } file)
            {
                files.Add((file, item));
            }
        }

        Sort(files);
        return files;
    }

    /// <summary>Puts the newest first.</summary>
    public static void Sort(List<(OldFile File, FoundFile Found)> files) => files.Sort(static (one, other) => other.File.CompareTo(one.File));

    /// <summary>Leaves those that are the log's own.</summary>
    public static void Cut(RollingPath path, List<(OldFile File, FoundFile Found)> files)
    {
        var count = path.IsDated ? files.Count : Unbroken(files);
        files.RemoveRange(count, files.Count - count);
    }

    /// <summary>How many of numbered ones are in the unbroken row.</summary>
    public static int Unbroken(List<(OldFile File, FoundFile Found)> files)
    {
        var last = 0L;
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].File.Number > last + 1)
            {
                return i;
            }

            last = files[i].File.Number;
        }

        return files.Count;
    }
}
