namespace QueueLog.Reading.Measures;

/// <summary>An attempt at an item of a pool.</summary>
public sealed class MeasuredItem
{
    internal MeasuredItem()
    {
    }

    /// <summary>0-based index of the item.</summary>
    public long Item { get; internal init; }

    /// <summary>1-based number of the attempt.</summary>
    public int Attempt { get; internal init; }

    /// <summary>Name of the worker.</summary>
    public string? Worker { get; internal init; }

    /// <summary>Time from its first record to its last.</summary>
    public TimeSpan Duration => Last - First;

    /// <summary>Time of its first record.</summary>
    public DateTimeOffset First { get; internal set; }

    /// <summary>Time of its last record.</summary>
    public DateTimeOffset Last { get; internal set; }

    /// <summary>How many records it has.</summary>
    public long Records { get; internal set; }
}
