using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using QueueLog.Records;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// How the engine shows the module's objects. Loaded with a session's first object, not by the manifest: reading a file of views
/// costs more than all the rest of the import, and most sessions only write.
/// </summary>
internal static class Views
{
    private static readonly ConditionalWeakTable<Runspace, object> Loaded = [];

    /// <summary>Called before a command writes objects that have a view.</summary>
    public static void Load()
    {
        if (Runspace.DefaultRunspace is not { } runspace || !Loaded.TryAdd(runspace, runspace))
        {
            return;
        }

        using var update = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        update.AddCommand(@"Microsoft.PowerShell.Utility\Update-FormatData").AddParameter("AppendPath", Path.Combine(ModuleFiles.Folder, "..", "QueueLog.format.ps1xml"));
        AddMember(update, nameof(LogProperty.Name), nameof(LogPropertyView.GetName));
        AddMember(update, nameof(LogProperty.Value), nameof(LogPropertyView.GetValue));
        try
        {
            update.Invoke();
        }
        catch (RuntimeException)
        {
            // A session that may not change its formats shows the objects all the same, as lists.
        }
    }

    private static void AddMember(System.Management.Automation.PowerShell update, string name, string getter) =>
        update.AddStatement().AddCommand(@"Microsoft.PowerShell.Utility\Update-TypeData")
            .AddParameter("TypeName", typeof(LogProperty).FullName)
            .AddParameter("MemberType", PSMemberTypes.CodeProperty)
            .AddParameter("MemberName", name)
            .AddParameter("Value", typeof(LogPropertyView).GetMethod(getter))
            .AddParameter("Force", true);
}
