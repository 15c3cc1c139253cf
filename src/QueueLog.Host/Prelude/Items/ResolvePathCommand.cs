using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
public sealed class ResolvePathCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Relative { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            Attempt(() =>
            {
                foreach (var found in SessionState.Path.GetResolvedPSPathFromPSPath(IsLiteral ? WildcardPattern.Escape(path) : path))
                {
                    WriteObject(Relative ? RelativeTo(found.ProviderPath) : found);
                }
            });
        }
    }

    private string RelativeTo(string path)
    {
        var relative = System.IO.Path.GetRelativePath(SessionState.Path.CurrentFileSystemLocation.ProviderPath, path);
        return relative.StartsWith('.') ? relative : System.IO.Path.Combine(".", relative);
    }
}
