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
}
