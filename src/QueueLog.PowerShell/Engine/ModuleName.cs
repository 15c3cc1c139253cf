using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace QueueLog.PowerShell.Engine;

/// <summary>What a module is called in its session.</summary>
internal static class ModuleName
{
    /// <summary>Names a module: one that was imported by its assembly is called as that.</summary>
    public static void Set(PSModuleInfo? module, string name)
    {
        try
        {
            if (module is not null)
            {
                SetName(module, name);
            }
        }
        catch (MissingMethodException)
        {
            // It keeps the name of the assembly.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void SetName(PSModuleInfo module, string name);
}
