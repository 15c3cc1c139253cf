using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Client;

namespace QueueLog.Bench.Ours;

/// <summary>What <c>logger.Info("…")</c> costs its caller in C#, a listener in another process taking the records.</summary>
/// <param name="burst">How many calls in a row; the pause behind them is not counted, and lets the listener catch up.</param>
internal sealed class InfoCall(int burst) : Trial
{
    /// <summary>No pauses: in the end the caller waits for the listener.</summary>
    public const int WithoutPause = Calls;

    public const int Nanoseconds = 0;
    public const int Bytes = 1;

    private const int Calls = 1_000_000;
    private const int WarmUp = 50_000;

    protected override IReadOnlyList<double> Measure()
    {
        using var file = new RecordFile();
        using var listener = new ListenerProcess(file.Path);
        var logger = new QueueLogger(category: null, listener.Address);
        Call(logger, WarmUp);

        var ticks = 0L;
        var allocated = 0L;
        for (var rest = Calls; rest > 0; rest -= burst)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            Call(logger, Math.Min(burst, rest));
            ticks += Stopwatch.GetTimestamp() - started;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (rest > burst)
            {
                Thread.Sleep(1);
            }
        }

        var written = listener.Stop().Written;
        return written == WarmUp + Calls
            ? [ticks * (1e9 / Stopwatch.Frequency) / Calls, (double)allocated / Calls]
            : throw new WrongResultException($"{written} records where {WarmUp + Calls} were written");
    }

    private static void Call(QueueLogger logger, int count)
    {
        for (var i = 0; i < count; i++)
        {
            logger.Info("a message without arguments");
        }
    }
}
