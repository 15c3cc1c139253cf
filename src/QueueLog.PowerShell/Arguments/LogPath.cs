using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Errors;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Resolves the path of a log, which may hold tokens, by the location of the session, which may hold braces.</summary>
internal static class LogPath
{
    // From a private area of Unicode: they stand for the braces of the path while it is joined with the location.
    private const char Open = '\uE0F0';
    private const char Close = '\uE0F1';

    /// <summary>Resolves the path a user gave to a command, or ends it with what is wrong with that.</summary>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        if (IsOfWindowsNetwork(path))
        {
            cmdlet.ThrowTerminatingError(LogErrors.NetworkPathNotSupported(path));
        }

        try
        {
            if (Resolve(cmdlet.SessionState, path) is { } resolved)
            {
                return resolved;
            }
        }
        catch (TemplateException e)
        {
            cmdlet.ThrowTerminatingError(LogErrors.InvalidTemplate(path, e));
        }

        cmdlet.ThrowTerminatingError(LogErrors.LogPathNotInFileSystem(path));
        return path;
    }

    // A path such as \\server\share\run.log: elsewhere than on Windows that is the name of a file in whatever folder the process is in.
    private static bool IsOfWindowsNetwork(string path) => !OperatingSystem.IsWindows() && path.StartsWith(@"\\", StringComparison.Ordinal);

    /// <returns>The full path with the location's braces doubled, as those of a path must be; null when it is no file's.</returns>
    /// <exception cref="TemplateException">The path has a token that no path can have, or a lone brace.</exception>
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
