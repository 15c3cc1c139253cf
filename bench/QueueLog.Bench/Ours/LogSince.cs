using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Reading;

namespace QueueLog.Bench.Ours;

/// <summary>What Get-QueueLog -Since does.</summary>
internal sealed class LogSince() : Contender(Contest.LastMinute, "QueueLog -Since")
{
    public override string? Missing => LargeLog.Missing;

    public override double Run()
    {
        LargeLog.Ascii.Warm();
        var since = new DateTimeOffset(LargeLog.Ascii.End.AddMinutes(-1)).UtcTicks;
        var watch = Stopwatch.StartNew();
        var found = new LogReader(new LogQuery { Filter = new EntryFilter { Since = since } }).Read(LargeLog.Ascii.Path).Count();
        watch.Stop();
        return found == 30_001 ? watch.Elapsed.TotalMilliseconds : throw new WrongResultException($"{found} records of 30001");
    }
}
