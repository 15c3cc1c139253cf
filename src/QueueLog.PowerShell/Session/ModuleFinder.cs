using System.Management.Automation;

namespace QueueLog.PowerShell.Session;

/// <summary>Knows which modules a worker finds by their names, and from which file it can import another.</summary>
/// <param name="modulePath">The module path that workers will have.</param>
/// <param name="engineHome">The engine's <c>$PSHOME</c>.</param>
internal sealed class ModuleFinder(string modulePath, string engineHome)
{
    private static readonly StringComparison PathComparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly Lazy<string[]> folders = new(() => modulePath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Whether it is this very module, which workers have.</summary>
    public static bool IsOwn(PSModuleInfo? module) =>
        module is not null && (module.Name.Equals("QueueLog", StringComparison.OrdinalIgnoreCase) || module.Name.Equals("QueueLog.PowerShell", StringComparison.OrdinalIgnoreCase));

    /// <summary>The file to import a module from; null for one that was made in memory.</summary>
    public static string? FileOf(PSModuleInfo module)
    {
        // The manifest first: importing what it names would leave out all else it says.
        var manifest = string.IsNullOrEmpty(module.ModuleBase) ? "" : Path.Combine(module.ModuleBase, module.Name + ".psd1");
        return File.Exists(manifest) ? manifest : File.Exists(module.Path) ? module.Path : null;
    }

    public bool IsFoundByWorkers(PSModuleInfo module)
    {
        if (IsOwn(module) || IsEngines(module))
        {
            return true;
        }

        if (string.IsNullOrEmpty(module.ModuleBase))
        {
            return false;
        }

        // Folder/Name or Folder/Name/Version; of several versions only the newest is found.
        var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(module.ModuleBase));
        var parent = Path.GetDirectoryName(home) ?? "";
        if (Path.GetFileName(home).Equals(module.Name, StringComparison.OrdinalIgnoreCase))
        {
            return IsOnPath(parent);
        }

        return Version.TryParse(Path.GetFileName(home), out var version)
            && Path.GetFileName(parent).Equals(module.Name, StringComparison.OrdinalIgnoreCase)
            && IsOnPath(Path.GetDirectoryName(parent) ?? "")
            && !Directory.EnumerateDirectories(parent).Any(other => Version.TryParse(Path.GetFileName(other), out var newer) && newer > version);
    }

    public bool IsOnPath(string folder) =>
        Array.Exists(folders.Value, known => Path.TrimEndingDirectorySeparator(Path.GetFullPath(known)).Equals(folder, PathComparison));

    // Its own modules stand in its folder or below.
    private bool IsEngines(PSModuleInfo module) =>
        engineHome.Length > 0 && module.ModuleBase is { } home
        && (home + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(engineHome) + Path.DirectorySeparatorChar, PathComparison);
}
