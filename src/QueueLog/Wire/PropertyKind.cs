namespace QueueLog.Wire;

/// <summary>How the value of a property is encoded; the numbers are part of the protocol.</summary>
internal enum PropertyKind : byte
{
    Null = 0,
    Text = 1,
    Integer = 2,
    Double = 3,
    Boolean = 4,
    Timestamp = 5,

    /// <summary>A number that is no 64 bit integer and no double, in digits as JSON has them.</summary>
    Number = 6,

    /// <summary>Values in order: properties without names.</summary>
    List = 7,

    /// <summary>Named values: properties within a property.</summary>
    Object = 8,
}
