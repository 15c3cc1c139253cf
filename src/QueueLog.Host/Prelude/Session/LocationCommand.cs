using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

/// <summary>A command that changes the session's location.</summary>
public abstract class LocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public string? StackName { get; set; }

    protected void GoTo(string otherwise)
    {
        var target = LiteralPath is null ? Path ?? otherwise : WildcardPattern.Escape(LiteralPath);
        var location = SessionState.Path.SetLocation(target);
        if (PassThru)
        {
            WriteObject(location);
        }
    }
}
