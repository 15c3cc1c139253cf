using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading.Files;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Arguments;

/// <summary>The logs that a path leads to.</summary>
internal static class LogArgument
{
    private const string Logs = "*.log";

    /// <summary>Full paths of logs, each of which may consist of several files.</summary>
    /// <param name="command">Resolves paths, and is told of those that lead nowhere.</param>
    /// <param name="path">With wildcards or tokens, unless it is literal; a folder stands for the logs in it.</param>
    /// <param name="isLiteral">Whether it is taken as it stands.</param>
    /// <param name="mayBeMissing">Whether a log that is not there yet is as good.</param>
    public static IEnumerable<string> Resolve(PSCmdlet command, string path, bool isLiteral, bool mayBeMissing)
    {
        var pattern = isLiteral ? path : WithoutTokens(path);
        if (command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(pattern, out var provider, out _) is var full && provider.Name != "FileSystem")
        {
            command.WriteError(LogErrors.LogPathNotInFileSystem(path));
            return [];
        }

        if (Directory.Exists(full))
        {
            full = Path.Combine(full, Logs);
            isLiteral = false;
        }

        var found = isLiteral || !WildcardPattern.ContainsWildcardCharacters(full) || LogFileSet.Names(full).Count > 0
            ? mayBeMissing || LogFileSet.Names(full).Count > 0 ? [full] : []
            : LogFileSet.Distinct(Files(full).Order(StringComparer.Ordinal));
        if (found.Length == 0)
        {
            command.WriteError(ReadingErrors.LogNotFound(path));
        }

        return found;
    }

    /// <summary>The log of the session's listener, for a command that was given no path.</summary>
    public static IEnumerable<string> OfSession(PSCmdlet command)
    {
        if (ModuleState.Default?.Path is { } path)
        {
            return Resolve(command, path, isLiteral: false, mayBeMissing: true);
        }

        command.ThrowTerminatingError(ReadingErrors.NoLogToRead());
        return [];
    }

    // A path such as logs/{Process}.log leads to all the files it has made.
    private static string WithoutTokens(string path)
    {
        if (!path.AsSpan().ContainsAny('{', '}'))
        {
            return path;
        }

        try
        {
            return string.Concat(TemplateParser.Parse(path).Select(token => token.Field == TemplateField.Literal ? token.Text : "*"));
        }
        catch (TemplateException)
        {
            // Braces of the path's own.
            return path;
        }
    }

    private static IEnumerable<string> Files(string pattern)
    {
        var root = Path.GetPathRoot(pattern)!;
        IEnumerable<string> found = [root];
        var parts = pattern[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var isLast = i == parts.Length - 1;
            var wildcard = WildcardPattern.ContainsWildcardCharacters(part)
                ? new WildcardPattern(part, RollingPath.NameComparison == StringComparison.Ordinal ? WildcardOptions.None : WildcardOptions.IgnoreCase)
                : null;
            found = [.. found.SelectMany(folder => wildcard is null ? Existing(Path.Combine(folder, part), isLast) : Matching(folder, wildcard, isLast))];
        }

        return found;
    }

    private static IEnumerable<string> Existing(string path, bool isFile) =>
        (isFile ? File.Exists(path) : Directory.Exists(path)) ? [path] : [];

    private static IEnumerable<string> Matching(string folder, WildcardPattern wildcard, bool isFile)
    {
        try
        {
            return [.. (isFile ? Directory.EnumerateFiles(folder) : Directory.EnumerateDirectories(folder)).Where(path => wildcard.IsMatch(Path.GetFileName(path)))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
