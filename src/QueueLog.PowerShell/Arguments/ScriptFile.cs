using System.Management.Automation;
using QueueLog.PowerShell.Errors;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What -FilePath accepts: a script file, by the session's location.</summary>
internal static class ScriptFile
{
    /// <summary>Makes the script block that a file is.</summary>
    /// <param name="command">The command that was given the path.</param>
    /// <param name="path">The path; wildcards in it are none.</param>
    /// <param name="block">The block, which knows its file.</param>
    /// <returns>The error that keeps it from being had; null when it is there.</returns>
    public static ErrorRecord? Load(PSCmdlet command, string path, out ScriptBlock? block)
    {
        block = null;
        var full = path;
        try
        {
            full = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            if (!File.Exists(full) || command.SessionState.InvokeCommand.GetCommand(full, CommandTypes.ExternalScript) is not ExternalScriptInfo script)
            {
                return PoolErrors.ScriptFileNotFound(path, full);
            }

            // As the session would before it runs the file: the execution policy is asked.
            script.ValidateScriptInfo(command.Host);
            block = script.ScriptBlock;
            return null;
        }
        catch (ParseException e)
        {
            return PoolErrors.ScriptFileUnusable(full, $"Line {e.Errors[0].Extent.StartLineNumber}: {e.Errors[0].Message}", e);
        }
        catch (Exception e) when (e is RuntimeException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return PoolErrors.ScriptFileUnusable(full, e.Message, e);
        }
    }
}
