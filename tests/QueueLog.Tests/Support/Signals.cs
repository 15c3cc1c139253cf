using System.Diagnostics;
using System.Globalization;

namespace QueueLog.Tests.Support;

/// <summary>Signals by their names, as a terminal or a supervisor sends them.</summary>
internal static class Signals
{
    public static void Send(string name, int pid)
    {
        using var kill = Process.Start("kill", ["-" + name, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
