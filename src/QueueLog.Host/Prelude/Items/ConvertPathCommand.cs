using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
public sealed class ConvertPathCommand : ItemCommand
{
    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            var pattern = IsLiteral ? WildcardPattern.Escape(path) : path;
            Attempt(() => WriteObject(SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out _), enumerateCollection: true));
        }
    }
}
