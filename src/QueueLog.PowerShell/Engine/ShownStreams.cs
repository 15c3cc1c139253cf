using System.Management.Automation;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>Reaches into the runtimes of commands for what they show of their streams.</summary>
internal static class ShownStreams
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Has a command show all verbose and debug records that it writes, whatever the session shows.</summary>
    public static void ShowAll(ICommandRuntime runtime)
    {
        runtime.GetType().GetProperty("Verbose", Inside)?.SetValue(runtime, true);

        // Not as -Debug: that has the command ask at each warning.
        runtime.GetType().GetProperty("DebugPreference", Inside)?.SetValue(runtime, ActionPreference.Continue);
    }
}
