namespace QueueLog.PowerShell.Session;

/// <summary>A value cannot travel between processes.</summary>
internal sealed class ValueNotSerializableException(string message, Exception? inner) : Exception(message, inner);
