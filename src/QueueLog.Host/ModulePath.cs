namespace QueueLog.Host;

/// <summary>Where the QueueLog module stands: in the staging folder of the clone this host was built in, or beside it.</summary>
internal static class ModulePath
{
    private const string Variable = "PSModulePath";
    private const string Manifest = "QueueLog.psd1";

    /// <summary>Puts the module's folder before the inherited ones; the engine adds the folder of its own modules.</summary>
    public static void Extend()
    {
        if (FindModules() is not { } folder)
        {
            return;
        }

        var inherited = Environment.GetEnvironmentVariable(Variable);
        var others = (inherited ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!others.Contains(folder))
        {
            Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, [folder, .. others]));
        }
    }

    /// <summary>The assembly with the module's commands; <c>QUEUELOG_MODULE</c> names another one.</summary>
    public static string? FindCommandAssembly()
    {
        if (Environment.GetEnvironmentVariable("QUEUELOG_MODULE") is { Length: > 0 } named)
        {
            return named;
        }

        var path = FindModules() is { } folder ? Path.Combine(folder, "QueueLog", "bin", "QueueLog.PowerShell.dll") : null;
        return File.Exists(path) ? path : null;
    }

    private static string? FindModules()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in (string[])[Path.Combine(folder.FullName, "output"), folder.FullName])
            {
                if (File.Exists(Path.Combine(candidate, "QueueLog", Manifest)))
                {
                    return candidate;
                }
            }

            if (File.Exists(Path.Combine(folder.FullName, Manifest)))
            {
                return null;
            }
        }

        return null;
    }
}
