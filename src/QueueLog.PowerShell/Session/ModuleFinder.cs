using System.Management.Automation;

namespace QueueLog.PowerShell.Session;

/// <summary>From which file a module can be imported.</summary>
internal static class ModuleFinder
{
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
}
