namespace QueueLog.Sinks;

/// <summary>What a flush is going to append.</summary>
/// <param name="Path">The file's full path, links resolved.</param>
/// <param name="Length">How long it is before.</param>
/// <param name="Bytes">How much longer it will be.</param>
internal readonly record struct PlannedAppend(string Path, long Length, int Bytes);
