namespace QueueLog.Client;

/// <summary>Looks at an encoded record, length prefix included, on the thread that wrote it; the bytes are gone afterwards.</summary>
internal delegate void RecordWatcher(ReadOnlySpan<byte> record);
