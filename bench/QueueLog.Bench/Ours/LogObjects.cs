using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Reading;

namespace QueueLog.Bench.Ours;

/// <summary>An object for each entry of a log.</summary>
internal sealed class LogObjects() : Contender(Contest.Objects, "QueueLog, Text in the default template")
{
    public override string? Missing => LargeLog.Missing;

    public override double Run()
    {
        LargeLog.Ascii.Warm();
        var watch = Stopwatch.StartNew();
        var found = new LogReader(new LogQuery()).Read(LargeLog.Ascii.Path).LongCount(entry => !entry.IsRaw);
        watch.Stop();
        return found == LargeLog.Ascii.Entries
            ? found / watch.Elapsed.TotalSeconds
            : throw new WrongResultException($"{found} records of {LargeLog.Ascii.Entries}");
    }
}
