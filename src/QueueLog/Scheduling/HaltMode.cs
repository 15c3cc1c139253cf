namespace QueueLog.Scheduling;

/// <summary>What failed items mean for those that follow.</summary>
public enum HaltMode
{
    /// <summary>Nothing: all items are run.</summary>
    Never,

    /// <summary>Items under way are finished, no others are begun.</summary>
    Soon,

    /// <summary>Items under way are stopped, no others are begun.</summary>
    Now,
}
