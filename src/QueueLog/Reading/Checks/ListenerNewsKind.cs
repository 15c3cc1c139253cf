namespace QueueLog.Reading.Checks;

/// <summary>What the listener tells of records and clients in its own records.</summary>
internal enum ListenerNewsKind
{
    /// <summary>Something that says nothing of numbers.</summary>
    Other,

    /// <summary>Numbers are missing.</summary>
    Missing,

    /// <summary>Records were left out before they had numbers.</summary>
    LeftOut,

    /// <summary>Records of several clients, perhaps, were left out behind their numbers, by a limit.</summary>
    Limited,

    /// <summary>It has ended, with that number.</summary>
    Ended,
}
