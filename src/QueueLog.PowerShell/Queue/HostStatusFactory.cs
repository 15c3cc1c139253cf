using QueueLog.Queue;
using QueueLog.Queue.Hosts;

namespace QueueLog.PowerShell.Queue;

/// <summary>Shows hosts to users.</summary>
internal static class HostStatusFactory
{
    public static HostStatus Create(HostEntry entry, QueueServer server) => new()
    {
        Name = entry.Host,
        State = entry.IsStopping ? "Stopping" : "Running",
        Slots = entry.Slots,
        Busy = entry.Busy,
        Runs = entry.Runs,
        Refuses = Array.ConvertAll(entry.Refuses, static refusal => new HostRefusalStatus { Run = refusal.Run, Reason = refusal.Reason }),
        Machine = entry.Machine,
        Pid = entry.Pid,
        Started = entry.Started,
        Os = entry.Os,
        Version = entry.Version,
        EngineVersion = entry.EngineVersion,
        ServerVersion = server.Version,
        ServerSyncsAlways = server.SyncsAlways,
    };
}
