namespace QueueLog.Bench.Compare;

/// <summary>A contender finished, but lost, split or invented something; its time means nothing.</summary>
internal sealed class WrongResultException(string message) : Exception(message);
