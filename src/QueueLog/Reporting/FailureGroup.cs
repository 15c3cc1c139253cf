namespace QueueLog.Reporting;

/// <summary>What failed in the same way.</summary>
internal sealed class FailureGroup(FailureKind kind, string template, string example)
{
    private const int MostItems = 20;
    private const int LongestInput = 100;

    private readonly List<long> items = [];
    private readonly List<string> inputs = [];

    public FailureKind Kind => kind;

    /// <summary>What they have in common: the message without its numbers.</summary>
    public string Template => template;

    /// <summary>The first message.</summary>
    public string Example => example;

    public long Count { get; private set; }

    /// <summary>UTC ticks.</summary>
    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; } = long.MinValue;

    /// <summary>Indexes of the first of its items.</summary>
    public IReadOnlyList<long> Items => items;

    /// <summary>Their inputs.</summary>
    public IReadOnlyList<string> Inputs => inputs;

    public void Add(long time, long item, string input)
    {
        Count++;
        First = Math.Min(First, time);
        Last = Math.Max(Last, time);
        if (item >= 0 && items.Count < MostItems && !items.Contains(item))
        {
            items.Add(item);
            inputs.Add(ReportText.Cut(input, LongestInput));
        }
    }
}

/// <summary>What a group of failures consists of.</summary>
internal enum FailureKind
{
    /// <summary>Items that failed.</summary>
    Items,

    /// <summary>Records from Error up.</summary>
    Records,
}
