namespace QueueLog.Sinks.RollingFile;

/// <summary>What the name of an old file says: <c>run.log.3</c>, <c>run.log.2026-11-25</c>, <c>run.log.2026-11-25.1.gz</c>.</summary>
/// <param name="Date">The period in a dated name; null in a numbered one.</param>
/// <param name="Number">Of numbered names the larger the older; of those of one date the larger the newer, 0 where there is none.</param>
/// <param name="IsCompressed">Whether it is the compressed form.</param>
internal readonly record struct OldFile(string? Date, long Number, bool IsCompressed) : IComparable<OldFile>
{
    public OldFile AsCompressed() => this with { IsCompressed = true };

    public OldFile AsPlain() => this with { IsCompressed = false };

    /// <summary>The older comes first; both forms of one file are alike.</summary>
    public int CompareTo(OldFile other)
    {
        // Names of one way of dating have their years first, and their places in the same number of digits.
        var byDate = string.CompareOrdinal(Date, other.Date);
        return byDate != 0 ? byDate : Date is null ? other.Number.CompareTo(Number) : Number.CompareTo(other.Number);
    }
}
