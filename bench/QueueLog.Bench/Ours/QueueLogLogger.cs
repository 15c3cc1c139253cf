using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Ours;

/// <summary>What Get-QueueLogger gives, called from many processes.</summary>
internal sealed class QueueLogLogger(Contest contest, string name, int writers, int records) : Contender(contest, name)
{
    /// <summary>Whether each record is waited for until it would survive the machine. Default: no.</summary>
    public bool IsSynced { get; init; }

    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new BenchListener(file.Path, IsSynced);
        var seconds = FleetRun.Seconds(
            writers,
            number => WriterProcess.Start(IsSynced ? QueueLogWriter.SyncedKind : QueueLogWriter.Kind, listener.Address, number, records),
            listener.Stop);
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
