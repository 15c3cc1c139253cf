namespace QueueLog.Wire;

/// <summary>Which optional fields an encoded record has, in the order of their bits; the numbers are part of the protocol.</summary>
[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    Item = 1,
    Template = 2,
    Category = 4,
    Process = 8,
    Worker = 16,
    Exception = 32,
    Properties = 64,
}
