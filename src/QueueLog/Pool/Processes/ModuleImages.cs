using System.Runtime.InteropServices;

namespace QueueLog.Pool.Processes;

/// <summary>The module's assemblies compiled ahead of time for a system: copies in a folder beside them, which is named for it.</summary>
internal static class ModuleImages
{
    // As .NET names it, where it is not named for one distribution.
    private static readonly string Platform = $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
        : "linux";

    /// <summary>The image of an assembly for this process; the assembly where there is none.</summary>
    public static string Of(string assembly)
    {
        var image = Path.Combine(Path.GetDirectoryName(assembly) ?? "", Platform, Path.GetFileName(assembly));
        return File.Exists(image) ? image : assembly;
    }

    /// <summary>The assembly that an image was made of; any other assembly as it is.</summary>
    public static string SourceOf(string assembly)
    {
        var folder = Path.GetDirectoryName(assembly);
        return Path.GetFileName(folder) == Platform ? Path.Combine(Path.GetDirectoryName(folder)!, Path.GetFileName(assembly)) : assembly;
    }
}
