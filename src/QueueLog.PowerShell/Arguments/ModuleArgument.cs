using System.Management.Automation;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What -ImportModule accepts: names, paths by the session's location, and modules.</summary>
internal static class ModuleArgument
{
    private static readonly string[] Extensions = [".psd1", ".psm1", ".dll", ".ps1", ".cdxml"];

    /// <summary>Tells what a worker is to import.</summary>
    /// <param name="session">The session whose location paths start from.</param>
    /// <param name="given">A name, a path or a module.</param>
    /// <param name="module">The module, when it was made in memory: what it exports must be carried.</param>
    /// <returns>A name or a full path; null when there is nothing to import.</returns>
    public static string? Convert(SessionState session, object given, out PSModuleInfo? module)
    {
        module = null;
        switch (RecordMapper.Unwrap(given))
        {
            case PSModuleInfo info when ModuleFinder.IsOwn(info):
                return null;
            case PSModuleInfo info:
                var file = ModuleFinder.FileOf(info);
                module = file is null ? info : null;
                return file;
            case FileSystemInfo item:
                return item.FullName;
            case var other:
                var text = other?.ToString() ?? "";
                return IsPath(text) ? session.Path.GetUnresolvedProviderPathFromPSPath(text) : text;
        }
    }

    private static bool IsPath(string text) =>
        text.AsSpan().IndexOfAny('/', '\\') >= 0
        || text.StartsWith('~')
        || text is "." or ".."
        || Extensions.Contains(Path.GetExtension(text), StringComparer.OrdinalIgnoreCase);
}
