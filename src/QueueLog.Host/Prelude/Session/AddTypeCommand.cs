using System.Management.Automation;
using System.Reflection;

namespace QueueLog.Host.Prelude.Session;

/// <summary>Loads assemblies. Compiling source text needs a compiler, which the embedded engine does not carry.</summary>
[Cmdlet(VerbsCommon.Add, "Type", DefaultParameterSetName = "Path")]
public sealed class AddTypeCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path")]
    [Alias("LiteralPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [Alias("AN")]
    public string[] AssemblyName { get; set; } = [];

    protected override void EndProcessing()
    {
        foreach (var path in Path)
        {
            Assembly.LoadFrom(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
        }

        foreach (var name in AssemblyName)
        {
            Assembly.Load(new AssemblyName(name));
        }
    }
}
