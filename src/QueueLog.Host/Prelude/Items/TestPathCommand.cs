using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
public sealed class TestPathCommand : ItemCommand
{
    /// <summary>What must stand there: Any, Container or Leaf.</summary>
    [Parameter]
    [Alias("Type")]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    [Parameter]
    public SwitchParameter IsValid { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            WriteObject(IsValid ? SessionState.Path.IsValid(path) : Exists(path));
        }
    }

    private bool Exists(string path)
    {
        try
        {
            if (!InvokeProvider.Item.Exists(path, force: false, IsLiteral))
            {
                return false;
            }

            return PathType == "Any"
                || InvokeProvider.Item.IsContainer(IsLiteral ? WildcardPattern.Escape(path) : path) == (PathType == "Container");
        }
        catch (RuntimeException failure) when (failure is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            return false;
        }
    }
}
