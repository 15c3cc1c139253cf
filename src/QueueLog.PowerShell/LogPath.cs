using System.Management.Automation;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell;

/// <summary>Resolves the path of a log, which may hold tokens, by the location of the session, which may hold braces.</summary>
internal static class LogPath
{
    // From a private area of Unicode: they stand for the braces of the path while it is joined with the location.
    private const char Open = '\uE0F0';
    private const char Close = '\uE0F1';

    /// <returns>The full path with the location's braces doubled, as those of a path must be; null when it is no file's.</returns>
    /// <exception cref="QueueLog.Formatting.TemplateException">The path has a token that no path can have, or a lone brace.</exception>
    public static string? Resolve(SessionState session, string path)
    {
        // Before the engine sees it: it would take a token with a format, as {Timestamp:yyyy}, for a drive.
        _ = new TokenPath(path);
        var marked = path.Replace('{', Open).Replace('}', Close);
        var resolved = session.Path.GetUnresolvedProviderPathFromPSPath(marked, out var provider, out _);
        return provider.Name != "FileSystem"
            ? null
            : resolved
                .Replace("{", "{{", StringComparison.Ordinal)
                .Replace("}", "}}", StringComparison.Ordinal)
                .Replace(Open, '{')
                .Replace(Close, '}');
    }
}
