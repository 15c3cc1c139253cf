namespace QueueLog.Bench.Ours;

/// <summary>What a listener counted.</summary>
internal sealed record ListenerAccount(long Received, long Written, long Lost, string[] Failures);
