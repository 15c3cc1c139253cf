using System.Management.Automation;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Arguments;

/// <summary>The parameters of every command that describes a file which rolls; <see cref="RollingArguments"/> reads them.</summary>
internal interface IRollingParameters
{
    string? Path { get; }

    long MaxFileSize { get; }

    RollInterval RollInterval { get; }

    int RollEvery { get; }

    TimeOnly RollAt { get; }

    SwitchParameter RollUtc { get; }

    RollNames RollNames { get; }

    int MaxFiles { get; }

    long MaxTotalSize { get; }

    TimeSpan MaxAge { get; }

    SwitchParameter Compress { get; }

    SwitchParameter Overwrite { get; }
}
