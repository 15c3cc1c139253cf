using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>The order is always stable; accepted for scripts that ask for it.</summary>
    [Parameter]
    public SwitchParameter Stable { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var order = new ValueOrder(CaseSensitive);
        var keys = PropertyValue.ParseAll(Property);
        Func<PSObject, object?>[] selectors = keys.Length == 0 ? [item => item] : [.. keys.Select(key => (Func<PSObject, object?>)key.Of)];
        var sorted = _items.Order(Comparer<PSObject>.Create((_, _) => 0));
        for (var i = 0; i < selectors.Length; i++)
        {
            var down = (keys.Length == 0 ? null : keys[i].Descending) ?? Descending;
            sorted = down ? sorted.ThenByDescending(selectors[i], order) : sorted.ThenBy(selectors[i], order);
        }

        PSObject? last = null;
        foreach (var item in sorted)
        {
            if (!Unique || last is null || selectors.Any(selector => order.Compare(selector(last), selector(item)) != 0))
            {
                WriteObject(item);
            }

            last = item;
        }
    }
}
