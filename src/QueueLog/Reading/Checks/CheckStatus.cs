namespace QueueLog.Reading.Checks;

/// <summary>What a check of a log has come to.</summary>
public enum CheckStatus
{
    /// <summary>Everything is there, once and in order.</summary>
    Complete,

    /// <summary>What is missing, the log itself tells of.</summary>
    Explained,

    /// <summary>Nothing is missing, but records come twice or in another order.</summary>
    Disordered,

    /// <summary>Something is missing or torn.</summary>
    Incomplete,

    /// <summary>The log does not show what would tell.</summary>
    Unchecked,
}
