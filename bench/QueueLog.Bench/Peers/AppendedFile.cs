using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Peers;

internal sealed class AppendedFile(Contest contest, string name, int writers, int records) : Contender(contest, name)
{
    /// <summary>Whether each record is on the disk before the next. Default: no.</summary>
    public bool IsSynced { get; init; }

    public override string? Missing => OperatingSystem.IsWindows() ? "O_APPEND and write(2) are Unix calls" : null;

    public override double Run()
    {
        using var file = new RecordFile();
        File.Create(file.Path).Dispose();
        var seconds = FleetRun.Seconds(
            writers,
            number => WriterProcess.Start(IsSynced ? AppendWriter.SyncedKind : AppendWriter.Kind, file.Path, number, records));
        file.Check(writers, records);
        return writers * (double)records / seconds;
    }
}
