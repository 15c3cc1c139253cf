using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    private readonly HashSet<string> _types = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string Name { get; set; } = "*";

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    protected override void ProcessRecord()
    {
        if (InputObject is null || !_types.Add(string.Join(' ', InputObject.TypeNames)))
        {
            return;
        }

        foreach (var member in InputObject.Members.Match(Name, MemberType).OrderBy(member => member.MemberType).ThenBy(member => member.Name))
        {
            if (member.Name.StartsWith("get_", StringComparison.Ordinal) || member.Name.StartsWith("set_", StringComparison.Ordinal))
            {
                continue;
            }

            var row = new PSObject();
            row.Properties.Add(new PSNoteProperty("TypeName", InputObject.TypeNames[0]));
            row.Properties.Add(new PSNoteProperty("Name", member.Name));
            row.Properties.Add(new PSNoteProperty("MemberType", member.MemberType));
            row.Properties.Add(new PSNoteProperty("Definition", member.ToString()));
            WriteObject(row);
        }
    }
}
