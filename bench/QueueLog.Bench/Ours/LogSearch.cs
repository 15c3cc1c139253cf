using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Reading;
using QueueLog.Reading.Search;

namespace QueueLog.Bench.Ours;

/// <summary>What Get-QueueLog -Match does.</summary>
internal sealed class LogSearch(Contest contest, LargeLog log, string pattern, bool ignoreCase)
    : Contender(contest, $"QueueLog -Match '{pattern}'{(ignoreCase ? "" : " -CaseSensitive")}")
{
    public override string? Missing => LargeLog.Missing;

    public override double Run()
    {
        log.Warm();
        var watch = Stopwatch.StartNew();
        var query = new LogQuery { Pattern = new EntryPattern(pattern, ignoreCase) };
        var found = new LogReader(query).Read(log.Path).Count();
        watch.Stop();
        log.CheckHits(found);
        return LargeLog.Length / 1e6 / watch.Elapsed.TotalSeconds;
    }
}
