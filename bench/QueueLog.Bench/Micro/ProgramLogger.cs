using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Micro;

/// <summary>What a call of a .NET program's logger costs its caller, a running listener in the same process taking the records.</summary>
[MemoryDiagnoser]
public class ProgramLogger
{
    private static readonly Action<ILogger, int, int, Exception?> Defined =
        LoggerMessage.Define<int, int>(LogLevel.Information, new EventId(17, "Record"), "record {Number} of {Total}");

    private RecordFile file = null!;
    private BenchListener listener = null!;
    private ILoggerFactory factory = null!;
    private ILogger logger = null!;

    [GlobalSetup]
    public void Setup()
    {
        file = new RecordFile();
        listener = new BenchListener(file.Path);
        factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddQueueLog(options => options.Listener = listener.Address));
        logger = factory.CreateLogger("Bench");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        factory.Dispose();
        listener.Dispose();
        file.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Plain() => logger.LogInformation("a message without arguments");

    [Benchmark]
    public void TwoArguments() => logger.LogInformation("record {Number} of {Total}", 17, 1000);

    [Benchmark]
    public void TwoArgumentsDefined() => Defined(logger, 17, 1000, null);

    [Benchmark]
    public void Filtered() => logger.LogDebug("a message below the listener's level");
}
