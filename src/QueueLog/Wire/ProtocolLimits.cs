namespace QueueLog.Wire;

/// <summary>Sizes that are checked before anything is allocated.</summary>
internal static class ProtocolLimits
{
    /// <summary>Longest frame in bytes, header not counted: one record of the longest size and its fields.</summary>
    public const int MaxFrameLength = MaxRecordLength + 64 * 1024;

    /// <summary>Longest encoded record in bytes. 64 MiB holds a message of 16 Mi UTF-16 units of any script.</summary>
    public const int MaxRecordLength = 64 * 1024 * 1024;

    /// <summary>Longest frame in bytes between a pool and a worker, who trust each other: what one array holds, the header too.</summary>
    public const int MaxWorkFrameLength = 0x7FFF_FFC7 - FrameReader.HeaderLength;

    /// <summary>Longest encoded value in bytes, 2 GiB less a MiB: it fits a frame of work, whatever stands beside it.</summary>
    public const int MaxValueLength = MaxWorkFrameLength - 1024 * 1024;

    /// <summary>Longest greeting in bytes; a peer that has not proved itself gets no large buffer.</summary>
    public const int MaxGreetingLength = 16 * 1024;

    /// <summary>Longest JSON line in bytes: as a message it fits a record, whatever else that record says.</summary>
    public const int MaxLineLength = MaxRecordLength - 64 * 1024;

    /// <summary>Deepest nesting of a JSON line.</summary>
    public const int MaxLineDepth = 64;

    /// <summary>Deepest nesting of a property's values.</summary>
    public const int MaxPropertyDepth = MaxLineDepth;

    /// <summary>Most values within the properties of one record.</summary>
    public const int MaxNestedValues = 64 * 1024;

    /// <summary>Longest number in digits.</summary>
    public const int MaxNumberLength = 64;

    /// <summary>Most properties of one record.</summary>
    public const int MaxProperties = 1024;
}
