using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = [];
    private readonly List<PSObject> _seen = [];
    private PropertyValue[] _properties = [];
    private PropertyValue[] _excluded = [];
    private PropertyValue? _expanded;
    private int _skipped;
    private int _index;
    private int _given;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string[]? ExcludeProperty { get; set; }

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter]
    public int[]? Index { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    protected override void BeginProcessing()
    {
        _properties = PropertyValue.ParseAll(Property ?? (ExcludeProperty is null ? null : ["*"]));
        _excluded = PropertyValue.ParseAll(ExcludeProperty);
        _expanded = ExpandProperty is null ? null : PropertyValue.ParseAll([ExpandProperty])[0];
        if (First == 0 && Last is null && !Wait)
        {
            throw EngineInternals.StopUpstream(this);
        }
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null || _skipped++ < (Last is null ? Skip : 0) || !IsIndexed(_index++))
        {
            return;
        }

        if (Last is null && SkipLast == 0)
        {
            GiveFirst(InputObject);
            return;
        }

        _last.Enqueue(InputObject);
        if (SkipLast > 0 && _last.Count > SkipLast)
        {
            GiveFirst(_last.Dequeue());
        }
        else if (Last is not null && _last.Count > Last + Skip)
        {
            _last.Dequeue();
        }
    }

    protected override void EndProcessing()
    {
        foreach (var item in Last is null ? [] : _last.Take(Math.Max(0, _last.Count - Skip)))
        {
            Give(item);
        }
    }

    private bool IsIndexed(int index) => Index is null || Index.Contains(index);

    private void GiveFirst(PSObject item)
    {
        if (First is null || _given < First)
        {
            Give(item);
        }

        if (_given >= First && !Wait)
        {
            throw EngineInternals.StopUpstream(this);
        }
    }

    private void Give(PSObject item)
    {
        _given++;
        var selected = _properties.Length == 0 ? item : Selection(item);
        if (_expanded is not null)
        {
            WriteObject(_expanded.Of(item), enumerateCollection: true);
        }
        else if (!Unique || IsNew(selected))
        {
            WriteObject(selected);
        }
    }

    private PSObject Selection(PSObject item)
    {
        var selection = new PSObject();
        selection.TypeNames.Insert(0, "Selected." + item.TypeNames.FirstOrDefault());
        var left = _excluded.SelectMany(entry => entry.On(item)).Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in _properties.SelectMany(entry => entry.On(item)))
        {
            if (!left.Contains(property.Name) && selection.Properties[property.Name] is null)
            {
                selection.Properties.Add(new PSNoteProperty(property.Name, property.Of(item)));
            }
        }

        return selection;
    }

    private bool IsNew(PSObject item)
    {
        var known = _seen.Exists(other => _properties.Length == 0
            ? LanguagePrimitives.Equals(other, item)
            : item.Properties.All(property => LanguagePrimitives.Equals(property.Value, other.Properties[property.Name]?.Value)));
        if (!known)
        {
            _seen.Add(item);
        }

        return !known;
    }
}
