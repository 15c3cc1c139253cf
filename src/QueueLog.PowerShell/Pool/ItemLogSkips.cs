namespace QueueLog.PowerShell.Pool;

/// <summary>What of a former run is not run again.</summary>
internal enum ItemLogSkips
{
    None,

    /// <summary>What it finished, well or not.</summary>
    Finished,

    /// <summary>What completed.</summary>
    Completed,
}
