using QueueLog.FaultActor;

namespace QueueLog.Tests.Faults;

/// <summary>A writer process and what it says of itself.</summary>
internal sealed record FaultWriter(string Name, ActorProcess Process, string Report, WriterLoad Load)
{
    public bool IsKilled { get; set; }

    /// <summary>What the log must hold of it.</summary>
    public WriterClaim Claim
    {
        get
        {
            using var report = new WriterReport(Report);
            return new WriterClaim(Name, Process.Pid, [.. Enumerable.Range(0, Load.Threads).Select(report.Get)], IsKilled);
        }
    }
}
