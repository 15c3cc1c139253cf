namespace QueueLog.PowerShell.Sinks;

/// <summary>The session for the script of a sink cannot be made.</summary>
internal sealed class SinkScriptException(string message, Exception inner) : Exception(message, inner);
