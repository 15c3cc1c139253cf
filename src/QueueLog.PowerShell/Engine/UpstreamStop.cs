using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>What <c>Select-Object -First</c> throws to end the commands before it, while those behind it get all there is.</summary>
internal static class UpstreamStop
{
    private static readonly ConstructorInfo? Constructor = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException")
        ?.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(InternalCommand)]);

    /// <returns>Null when the engine is built otherwise.</returns>
    public static Exception? Of(Cmdlet command) => Constructor?.Invoke([command]) as Exception;
}
