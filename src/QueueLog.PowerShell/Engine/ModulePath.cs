namespace QueueLog.PowerShell.Engine;

/// <summary>Lets a child PowerShell find this module by name, also when it was imported by path from anywhere.</summary>
internal static class ModulePath
{
    private const string Variable = "PSModulePath";
    private const string ModuleName = "QueueLog";

    /// <summary>
    /// Adds the folder that holds the folder QueueLog to the module path that child processes inherit: as its last, so that nothing
    /// else in it comes before what is installed.
    /// </summary>
    public static void LetChildrenFindModule()
    {
        if (FindParentOfModule() is not { } folder)
        {
            return;
        }

        var current = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (!IsOnPath(current, folder))
        {
            Environment.SetEnvironmentVariable(Variable, current.Length == 0 ? folder : current + Path.PathSeparator + folder);
        }
    }

    private static bool IsOnPath(string modulePath, string folder)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Array.Exists(
            modulePath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            known => Path.TrimEndingDirectorySeparator(Path.GetFullPath(known)).Equals(folder, comparison));
    }

    private static string? FindParentOfModule()
    {
        // <module>/bin/QueueLog.PowerShell.dll; the module's folder is QueueLog, QueueLog/<version>, or a clone of any name.
        var module = Path.GetDirectoryName(ModuleFiles.Folder);
        if (string.IsNullOrEmpty(module))
        {
            return null;
        }

        var parent = Path.GetDirectoryName(module);
        if (Path.GetFileName(module).Equals(ModuleName, StringComparison.OrdinalIgnoreCase))
        {
            return parent;
        }

        if (Version.TryParse(Path.GetFileName(module), out _) && Path.GetFileName(parent) is { } name && name.Equals(ModuleName, StringComparison.OrdinalIgnoreCase))
        {
            return Path.GetDirectoryName(parent);
        }

        var staged = Path.Combine(module, "output", "modules");
        return File.Exists(Path.Combine(staged, ModuleName, ModuleName + ".psd1")) ? staged : null;
    }
}
