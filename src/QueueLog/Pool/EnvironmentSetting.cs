namespace QueueLog.Pool;

/// <summary>An environment variable of a worker process; without a value it is taken away.</summary>
internal sealed record EnvironmentSetting(string Name, string? Value);
