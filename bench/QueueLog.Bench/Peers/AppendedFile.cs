using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Peers;

internal sealed class AppendedFile(int writers, int records) : Contender(Contest.Log, "O_APPEND write(2) per record, no listener")
{
    public override string? Missing => OperatingSystem.IsWindows() ? "O_APPEND and write(2) are Unix calls" : null;

    public override double Run()
    {
        using var file = new RecordFile();
        File.Create(file.Path).Dispose();
        var seconds = FleetRun.Seconds(writers, number => WriterProcess.Start(AppendWriter.Kind, file.Path, number, records));
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
