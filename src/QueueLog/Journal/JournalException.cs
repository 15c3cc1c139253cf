namespace QueueLog.Journal;

/// <summary>A journal cannot be made or used: no room, no permission, or not what it should be.</summary>
internal sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);
