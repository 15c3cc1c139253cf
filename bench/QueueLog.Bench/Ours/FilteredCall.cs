using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Client;

namespace QueueLog.Bench.Ours;

/// <summary>What a record costs its writer in C# that is below the listener's level; the listener is in another process.</summary>
internal sealed class FilteredCall() : Contender(Contest.Filtered, "logger.Debug(\"…\"), the listener wants Information")
{
    private const int Calls = 100_000_000;

    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new ListenerProcess(file.Path);
        var logger = new QueueLogger(category: null, listener.Address);
        logger.Info("connects");
        Call(logger, Calls / 10);
        var watch = Stopwatch.StartNew();
        Call(logger, Calls);
        watch.Stop();

        var received = listener.Stop().Received;
        return received == 1
            ? watch.Elapsed.TotalNanoseconds / Calls
            : throw new WrongResultException($"{received} records came where 1 was wanted");
    }

    private static void Call(QueueLogger logger, int count)
    {
        for (var i = 0; i < count; i++)
        {
            logger.Debug("a message below the level");
        }
    }
}
