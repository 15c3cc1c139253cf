using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>grep -E over the same file, its matches into a pipe.</summary>
internal sealed class GrepSearch(Contest contest, LargeLog log, string pattern, bool ignoreCase)
    : Contender(contest, $"grep -E{(ignoreCase ? "i" : "")} '{pattern}'")
{
    private static readonly Tool Grep = Tool.Find("grep");

    public override string? Missing => Grep.Missing ?? LargeLog.Missing;

    public override double Run()
    {
        log.Warm();
        var start = new ProcessStartInfo(Grep.Path!, [ignoreCase ? "-Ei" : "-E", pattern, log.Path]) { RedirectStandardOutput = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var found = process.StandardOutput.ReadToEnd().AsSpan().Count('\n');
        process.WaitForExit();
        watch.Stop();
        log.CheckHits(found);
        return LargeLog.Length / 1e6 / watch.Elapsed.TotalSeconds;
    }
}
