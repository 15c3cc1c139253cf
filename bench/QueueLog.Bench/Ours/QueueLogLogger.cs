using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Ours;

/// <summary>What Get-QueueLogger gives, called from 10 processes.</summary>
internal sealed class QueueLogLogger(int writers, int records) : Contender(Contest.Log, "QueueLog logger object")
{
    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new BenchListener(file.Path);
        var seconds = FleetRun.Seconds(
            writers,
            number => WriterProcess.Start(QueueLogWriter.Kind, listener.Address, number, records),
            listener.Stop);
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
