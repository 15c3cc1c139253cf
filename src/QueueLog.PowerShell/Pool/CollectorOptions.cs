namespace QueueLog.PowerShell.Pool;

/// <summary>What is to be known of each item, and not only to be passed on.</summary>
internal sealed record CollectorOptions
{
    /// <summary>How often a failed item is tried again; what a failed attempt gave is then nothing. Default: 0.</summary>
    public int Retries { get; init; }

    /// <summary>Whether results come in the order of the input. Default: as they are there.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Whether each item gives one object with all that is known of it. Default: its streams.</summary>
    public bool GivesResults { get; init; }

    /// <summary>Where finished items are noted; null for nowhere.</summary>
    public ItemLog? Log { get; init; }

    /// <summary>Whether items need to be looked at one by one at all.</summary>
    public bool IsNeeded => Retries > 0 || KeepsOrder || GivesResults || Log is not null;
}
