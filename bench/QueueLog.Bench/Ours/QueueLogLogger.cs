using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>What Get-QueueLogger gives, called from many processes.</summary>
internal sealed class QueueLogLogger(Contest contest, string name, int writers, int records) : Contender(contest, name)
{
    /// <summary>Whether each record is waited for until it would survive the machine. Default: no.</summary>
    public bool IsSynced { get; init; }

    /// <summary>Bytes before a new file is begun. Default: null, never.</summary>
    public long? MaxFileSize { get; init; }

    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new BenchListener(new RollingFileOptions { Path = file.Path, MaxFileSize = MaxFileSize }, IsSynced);
        var seconds = FleetRun.Seconds(
            writers,
            number => WriterProcess.Start(IsSynced ? QueueLogWriter.SyncedKind : QueueLogWriter.Kind, listener.Address, number, records),
            listener.Stop);
        if (MaxFileSize is null)
        {
            file.Check(writers, records);
        }
        else if (listener.Account is var account && (account.Written != (long)writers * records || account.Failures.Length > 0))
        {
            // Most of the files are gone by now.
            throw new WrongResultException($"{account.Written} written where {writers * records} records were; {string.Join("; ", account.Failures)}");
        }

        return writers * (double)records / seconds;
    }
}
