namespace QueueLog.Wire;

/// <summary>The peer sent bytes that no version of this protocol produces; the connection cannot be read any further.</summary>
public sealed class ProtocolException(string message) : Exception(message);
