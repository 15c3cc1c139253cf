using System.Management.Automation;
using DiskPath = System.IO.Path;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "Parent")]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "Parent")]
    public SwitchParameter Parent { get; set; }

    [Parameter(ParameterSetName = "Leaf", Mandatory = true)]
    public SwitchParameter Leaf { get; set; }

    [Parameter(ParameterSetName = "LeafBase", Mandatory = true)]
    public SwitchParameter LeafBase { get; set; }

    [Parameter(ParameterSetName = "Extension", Mandatory = true)]
    public SwitchParameter Extension { get; set; }

    [Parameter(ParameterSetName = "IsAbsolute", Mandatory = true)]
    public SwitchParameter IsAbsolute { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            WriteObject(ParameterSetName switch
            {
                "Leaf" => SessionState.Path.ParseChildName(path),
                "LeafBase" => DiskPath.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path)),
                "Extension" => DiskPath.GetExtension(SessionState.Path.ParseChildName(path)),
                "IsAbsolute" => SessionState.Path.IsPSAbsolute(path, out _) || DiskPath.IsPathRooted(path),
                _ => SessionState.Path.ParseParent(path, string.Empty),
            });
        }
    }
}
