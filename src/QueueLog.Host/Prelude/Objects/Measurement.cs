namespace QueueLog.Host.Prelude.Objects;

/// <summary>What Measure-Object gives: null for whatever it was not asked for.</summary>
public sealed class Measurement
{
    public int Count { get; internal set; }
    public double? Average { get; internal set; }
    public double? Sum { get; internal set; }
    public object? Maximum { get; internal set; }
    public object? Minimum { get; internal set; }
    public string? Property { get; internal set; }

    internal PropertyValue? Value { get; init; }

    internal double Total { get; set; }
}
