namespace QueueLog.Tests.Faults;

/// <summary>What a log must hold of a writer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Returned">For each thread, the last number whose write had returned.</param>
/// <param name="IsKilled">Whether it was killed: one more record of each thread may then have been taken.</param>
internal sealed record WriterClaim(string Name, int Pid, long[] Returned, bool IsKilled);
