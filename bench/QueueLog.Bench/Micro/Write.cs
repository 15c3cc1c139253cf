using BenchmarkDotNet.Attributes;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;
using QueueLog.Client;

namespace QueueLog.Bench.Micro;

/// <summary>What a call of the logger object costs its caller, a running listener in the same process taking the records.</summary>
[MemoryDiagnoser]
public class Write
{
    private RecordFile file = null!;
    private BenchListener listener = null!;
    private QueueLogger logger = null!;

    [GlobalSetup]
    public void Setup()
    {
        file = new RecordFile();
        listener = new BenchListener(file.Path);
        logger = new QueueLogger(category: null, listener.Address);
        logger.Info("connects");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        listener.Dispose();
        file.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Plain() => logger.Info("a message without arguments");

    [Benchmark]
    public void TwoArguments() => logger.Info("record {Number} of {Total}", 17, 1000);

    [Benchmark]
    public void Filtered() => logger.Debug("a message below the listener's level");
}
