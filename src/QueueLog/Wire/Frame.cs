namespace QueueLog.Wire;

/// <summary>One message of the protocol; the payload lies in the reader's buffer and is valid until the next read.</summary>
internal readonly record struct Frame(FrameType Type, ReadOnlyMemory<byte> Payload);
