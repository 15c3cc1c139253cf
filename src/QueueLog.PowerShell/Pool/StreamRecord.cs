using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Something that an item wrote: an object, an error, a text or an information record.</summary>
internal readonly record struct StreamRecord(WorkEntryKind Kind, object? Value);
