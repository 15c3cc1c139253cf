using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : ItemCommand
{
    private WildcardPattern? _filter;

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public uint? Depth { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    protected override void BeginProcessing() =>
        _filter = Filter is null ? null : WildcardPattern.Get(Filter, WildcardOptions.IgnoreCase);

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            Attempt(() =>
            {
                var children = InvokeProvider.ChildItem.Get([path], Recurse || Depth is not null, Depth ?? uint.MaxValue, Force, IsLiteral);
                foreach (var child in children.Where(IsWanted))
                {
                    WriteObject(Name ? ChildName(child) : child);
                }
            });
        }
    }

    private static string? ChildName(PSObject child) => child.Properties["PSChildName"]?.Value as string;

    private bool IsWanted(PSObject child) =>
        (!File || child.BaseObject is FileInfo)
        && (!Directory || child.BaseObject is DirectoryInfo)
        && (_filter is null || _filter.IsMatch(ChildName(child) ?? string.Empty));
}
