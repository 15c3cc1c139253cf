using System.Collections;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "Typed")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(ParameterSetName = "Notes", Mandatory = true, Position = 0)]
    public IDictionary? NotePropertyMembers { get; set; }

    [Parameter(ParameterSetName = "Note", Mandatory = true)]
    public string NotePropertyName { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "Note", Mandatory = true)]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(ParameterSetName = "Typed", Mandatory = true, Position = 0)]
    [Alias("Type")]
    [ValidateSet("NoteProperty", "ScriptProperty", "ScriptMethod", "AliasProperty")]
    public string MemberType { get; set; } = "NoteProperty";

    [Parameter(ParameterSetName = "Typed", Mandatory = true, Position = 1)]
    public string Name { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "Typed", Position = 2)]
    public object? Value { get; set; }

    [Parameter]
    public string? TypeName { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var member in Members())
        {
            if (Force && InputObject.Members[member.Name] is not null)
            {
                InputObject.Members.Remove(member.Name);
            }

            InputObject.Members.Add(member);
        }

        if (TypeName is not null)
        {
            InputObject.TypeNames.Insert(0, TypeName);
        }

        if (PassThru)
        {
            WriteObject(InputObject);
        }
    }

    private IEnumerable<PSMemberInfo> Members() => ParameterSetName switch
    {
        "Notes" => NotePropertyMembers!.Cast<DictionaryEntry>().Select(entry => new PSNoteProperty(entry.Key.ToString(), entry.Value)),
        "Note" => [new PSNoteProperty(NotePropertyName, NotePropertyValue)],
        _ =>
        [
            MemberType switch
            {
                "ScriptProperty" => new PSScriptProperty(Name, Script()),
                "ScriptMethod" => new PSScriptMethod(Name, Script()),
                "AliasProperty" => new PSAliasProperty(Name, Value?.ToString()),
                _ => new PSNoteProperty(Name, Value),
            },
        ],
    };

    private ScriptBlock Script() => LanguagePrimitives.ConvertTo<ScriptBlock>(Value);
}
