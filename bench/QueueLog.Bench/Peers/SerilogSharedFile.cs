using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Peers;

internal sealed class SerilogSharedFile(int writers, int records) : Contender(Contest.Log, "Serilog shared file")
{
    public override double Run()
    {
        using var file = new RecordFile();
        var seconds = FleetRun.Seconds(writers, number => WriterProcess.Start(SerilogWriter.Kind, file.Path, number, records));
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
