using QueueLog.Pool.Processes;

namespace QueueLog.PowerShell.Engine;

/// <summary>Where the module is: the same in a worker, which runs an image of its assemblies.</summary>
internal static class ModuleFiles
{
    /// <summary>Full path of the assembly with the cmdlets.</summary>
    public static string Assembly { get; } = ModuleImages.SourceOf(typeof(ModuleFiles).Assembly.Location);

    /// <summary>The folder of the assemblies.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(Assembly) ?? "";
}
