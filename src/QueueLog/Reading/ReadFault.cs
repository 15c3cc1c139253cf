namespace QueueLog.Reading;

/// <summary>What kept a file from being read as asked.</summary>
internal enum ReadFault
{
    /// <summary>The system refused it.</summary>
    Unreadable,

    /// <summary>A compressed file is damaged or cut; what could be read was.</summary>
    Damaged,

    /// <summary>One of its entries is too long, and was passed over.</summary>
    EntryTooLong,

    /// <summary>It was to be read by time and shows none.</summary>
    NoTimes,

    /// <summary>It was to be read by a field that none of its entries shows.</summary>
    NoField,
}
