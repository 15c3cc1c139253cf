using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet("Group", "Object")]
public sealed class GroupObjectCommand : PSCmdlet
{
    private readonly SortedDictionary<object, Collection<PSObject>> _groups = new(new ValueOrder(caseSensitive: false));

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object? Property { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter]
    public SwitchParameter AsString { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        var key = (Property is null ? InputObject : PropertyValue.ParseAll([Property])[0].Of(InputObject)) ?? string.Empty;
        key = key is PSObject wrapped ? wrapped.BaseObject : key;
        if (!_groups.TryGetValue(key, out var members))
        {
            _groups.Add(key, members = []);
        }

        members.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        if (AsHashTable)
        {
            var table = new Hashtable(StringComparer.CurrentCultureIgnoreCase as IEqualityComparer);
            foreach (var (key, members) in _groups)
            {
                table[AsString ? key.ToString()! : key] = members;
            }

            WriteObject(table);
            return;
        }

        foreach (var (key, members) in _groups)
        {
            var group = new PSObject();
            group.Properties.Add(new PSNoteProperty("Count", members.Count));
            group.Properties.Add(new PSNoteProperty("Name", key.ToString()));
            if (!NoElement)
            {
                group.Properties.Add(new PSNoteProperty("Group", members));
            }

            WriteObject(group);
        }
    }
}
