using System.Diagnostics;

namespace QueueLog.Bench.Processes;

/// <summary>This program as a child of itself.</summary>
internal static class SelfProcess
{
    /// <summary>How to start this program with other arguments.</summary>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var self = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? new ProcessStartInfo(self, [Environment.GetCommandLineArgs()[0], .. arguments])
            : new ProcessStartInfo(self, arguments);
    }
}
