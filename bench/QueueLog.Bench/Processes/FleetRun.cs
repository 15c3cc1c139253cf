using System.Diagnostics;

namespace QueueLog.Bench.Processes;

/// <summary>Times writer processes from "go" until the last has exited and the file is complete.</summary>
internal static class FleetRun
{
    /// <param name="writers">How many processes.</param>
    /// <param name="start">The start of writer 1 to <paramref name="writers"/>.</param>
    /// <param name="complete">What must still happen before the file is complete, e.g. stopping the listener.</param>
    public static double Seconds(int writers, Func<int, ProcessStartInfo> start, Action? complete = null)
    {
        using var fleet = new ProcessFleet(writers, start);
        fleet.WaitUntilReady();
        var watch = Stopwatch.StartNew();
        fleet.Go();
        fleet.WaitForExit();
        complete?.Invoke();
        return watch.Elapsed.TotalSeconds;
    }
}
