namespace QueueLog.Pool;

/// <summary>The program this process runs in cannot be started as a worker, and no other was named.</summary>
public sealed class WorkerHostNotFoundException(string message) : Exception(message);
