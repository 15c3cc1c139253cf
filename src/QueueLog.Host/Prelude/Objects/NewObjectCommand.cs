using System.Collections;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    // The language chooses the constructor and converts the arguments; a script is the way to ask it. The result is left in
    // a holder, because a pipeline would take a collection apart.
    private static readonly ScriptBlock Construct = ScriptBlock.Create("""
        param($Holder, $Type, $a)
        $Holder.Value = switch ($a.Count) {
            0 { , $Type::new() }
            1 { , $Type::new($a[0]) }
            2 { , $Type::new($a[0], $a[1]) }
            3 { , $Type::new($a[0], $a[1], $a[2]) }
            4 { , $Type::new($a[0], $a[1], $a[2], $a[3]) }
            5 { , $Type::new($a[0], $a[1], $a[2], $a[3], $a[4]) }
            default { throw 'The embedded engine constructs objects of up to five arguments.' }
        }
        """);

    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [Alias("Args")]
    public object?[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void EndProcessing()
    {
        var result = TypeName.ToUpperInvariant() is "PSOBJECT" or "PSCUSTOMOBJECT" or "SYSTEM.MANAGEMENT.AUTOMATION.PSOBJECT"
            ? new PSObject()
            : PSObject.AsPSObject(New(LanguagePrimitives.ConvertTo<Type>(TypeName)));
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            var name = entry.Key.ToString()!;
            if (result.Properties[name] is { } property)
            {
                property.Value = entry.Value;
            }
            else
            {
                result.Properties.Add(new PSNoteProperty(name, entry.Value));
            }
        }

        WriteObject(result, enumerateCollection: false);
    }

    private object New(Type type)
    {
        var holder = new PSReference(null);
        InvokeCommand.InvokeScript(useLocalScope: true, Construct, null, holder, type, ArgumentList);
        return holder.Value;
    }
}
