namespace QueueLog.Sinks.RollingFile;

/// <summary>The one path of a file that may be reached by several.</summary>
internal static class RealPath
{
    // As many as Linux follows; more is a circle.
    private const int MaxLinks = 40;

    /// <summary>The full path with the links in it resolved, those of folders and the file's own; what does not exist stays as it is.</summary>
    /// <exception cref="LogFileException">The links lead in a circle, or another user could have planted one.</exception>
    public static string Of(string path)
    {
        var links = 0;
        path = Path.GetFullPath(path);
        var resolved = Path.GetPathRoot(path)!;
        var rest = PartsOf(path);
        while (rest.TryPop(out var part))
        {
            var next = Path.Combine(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            PlantedName.CheckLink(next);
            if (++links > MaxLinks)
            {
                throw new LogFileException(path, LogFileFault.Other, $"The links of '{path}' lead in a circle.");
            }

            // The target may contain links of its own, so it is walked from its root as well.
            var full = Path.GetFullPath(target, resolved);
            resolved = Path.GetPathRoot(full)!;
            foreach (var inner in PartsOf(full).Reverse())
            {
                rest.Push(inner);
            }
        }

        return resolved;
    }

    /// <summary>The names below the root, the outermost on top.</summary>
    private static Stack<string> PartsOf(string path)
    {
        var names = path[Path.GetPathRoot(path)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        return new Stack<string>(Enumerable.Reverse(names));
    }
}
