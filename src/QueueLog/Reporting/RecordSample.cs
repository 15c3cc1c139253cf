namespace QueueLog.Reporting;

/// <summary>Keeps records, and from a limit on every second, every fourth and so on, so that what stays is spread over the whole run.</summary>
/// <param name="budget">Bytes that they may take in a page.</param>
internal sealed class RecordSample(long budget)
{
    private readonly List<ReportRecord> kept = [];
    private long used;
    private long stride = 1;

    public IReadOnlyList<ReportRecord> Kept => kept;

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    public bool IsThinned => stride > 1;

    /// <summary>Whether the next one will be kept. What is not need not be made.</summary>
    public bool WantsNext
    {
        get
        {
            var isWanted = Count % stride == 0;
            if (!isWanted)
            {
                Count++;
            }

            return isWanted;
        }
    }

    public void Add(ReportRecord record)
    {
        Count++;
        kept.Add(record);
        used += record.Size;
        while (used > budget && kept.Count > 1)
        {
            Thin();
        }
    }

    private void Thin()
    {
        stride *= 2;
        var place = 0;
        kept.RemoveAll(_ => place++ % 2 == 1);
        used = kept.Sum(record => (long)record.Size);
    }
}
