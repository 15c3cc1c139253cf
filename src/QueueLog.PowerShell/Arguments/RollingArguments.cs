using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What a command was told of a file, as options.</summary>
internal static class RollingArguments
{
    /// <returns>Null without a path. What is wrong ends the command with its error.</returns>
    public static RollingFileOptions? ToOptions<T>(T command)
        where T : PSCmdlet, IRollingParameters
    {
        var given = command.MyInvocation.BoundParameters;
        if (given.ContainsKey(nameof(command.MaxTotalSize)) && command.MaxTotalSize < command.MaxFileSize)
        {
            command.ThrowTerminatingError(LogErrors.FileLargerThanTotal(command.MaxFileSize, command.MaxTotalSize));
        }

        // Two other limits, either of which may be meant to be the only one.
        var isLimited = given.ContainsKey(nameof(command.MaxTotalSize)) || given.ContainsKey(nameof(command.MaxAge));
        var isByTime = given.ContainsKey(nameof(command.RollEvery)) || given.ContainsKey(nameof(command.RollAt));
        return string.IsNullOrEmpty(command.Path) ? null : new RollingFileOptions
        {
            Path = LogPath.Resolve(command, command.Path),
            MaxFileSize = given.ContainsKey(nameof(command.MaxFileSize)) ? command.MaxFileSize : null,
            RollInterval = given.ContainsKey(nameof(command.RollInterval)) ? command.RollInterval : isByTime ? RollInterval.Day : null,
            RollEvery = command.RollEvery,
            RollAt = command.RollAt,
            RollUtc = command.RollUtc,
            RollNames = command.RollNames,
            MaxFiles = isLimited && !given.ContainsKey(nameof(command.MaxFiles)) ? int.MaxValue : command.MaxFiles,
            MaxTotalSize = given.ContainsKey(nameof(command.MaxTotalSize)) ? command.MaxTotalSize : null,
            MaxAge = given.ContainsKey(nameof(command.MaxAge)) ? command.MaxAge : null,
            Compress = command.Compress,
            Overwrite = command.Overwrite,
        };
    }
}
