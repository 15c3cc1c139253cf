using BenchmarkDotNet.Attributes;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;
using QueueLog.Client;
using QueueLog.Records;

namespace QueueLog.Bench.Micro;

/// <summary>From the call to the record in the file and the answer that says so: what Write-QueueLog -Wait waits for.</summary>
[MemoryDiagnoser]
public class RoundTrip
{
    private RecordFile file = null!;
    private BenchListener listener = null!;
    private LogClient client = null!;

    [GlobalSetup]
    public void Setup()
    {
        file = new RecordFile();
        listener = new BenchListener(file.Path);
        client = LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None).GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        listener.Dispose();
        file.Dispose();
    }

    [Benchmark]
    public Task<bool> WriteAndFlush()
    {
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "one record" });
        return client.AcknowledgedAsync(CancellationToken.None);
    }
}
