using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private static readonly ValueOrder Order = new(caseSensitive: false);
    private Measurement[] _measurements = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Line { get; set; }

    protected override void BeginProcessing() => _measurements = Property is null
        ? [new Measurement()]
        : [.. PropertyValue.ParseAll(Property).Select(value => new Measurement { Value = value, Property = value.Name })];

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        foreach (var measurement in _measurements)
        {
            var value = measurement.Value is null ? InputObject : measurement.Value.Of(InputObject);
            if (value is not null)
            {
                Add(measurement, value);
            }
        }
    }

    protected override void EndProcessing()
    {
        foreach (var measurement in _measurements)
        {
            measurement.Average = Average && measurement.Count > 0 ? measurement.Total / measurement.Count : null;
            measurement.Sum = Sum ? measurement.Total : null;
            WriteObject(measurement);
        }
    }

    private void Add(Measurement measurement, object value)
    {
        measurement.Count += Line ? value.ToString()!.Split('\n').Length : 1;
        if (Sum || Average)
        {
            measurement.Total += LanguagePrimitives.ConvertTo<double>(value);
        }

        if (Minimum && (measurement.Minimum is null || Order.Compare(value, measurement.Minimum) < 0))
        {
            measurement.Minimum = value;
        }

        if (Maximum && (measurement.Maximum is null || Order.Compare(value, measurement.Maximum) > 0))
        {
            measurement.Maximum = value;
        }
    }
}
