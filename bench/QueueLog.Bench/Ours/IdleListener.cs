using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Client;
using QueueLog.Records;

namespace QueueLog.Bench.Ours;

/// <summary>What a listener's process takes while its clients are connected and none writes.</summary>
internal sealed class IdleListener(int clients) : Contender(Contest.Idle, "QueueLog listener")
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public override double Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<double> RunAsync()
    {
        using var file = new RecordFile();
        using var listener = new ListenerProcess(file.Path);
        var connected = new List<LogClient>();
        for (var number = 1; number <= clients; number++)
        {
            // Each has written: what is set up at the first record is there.
            var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
            client.Write(new RecordDraft { Level = LogLevel.Information, Message = "connected" });
            connected.Add(await client.AcknowledgedAsync(CancellationToken.None) ? client : throw new WrongResultException($"the record of client {number} was not written"));
        }

        await Task.Delay(Settling);
        var before = Processor(listener);
        var since = TimeProvider.System.GetTimestamp();
        await Task.Delay(Measured);
        var used = Processor(listener) - before;
        var percent = 100 * used / TimeProvider.System.GetElapsedTime(since);
        foreach (var client in connected)
        {
            await client.DisposeAsync();
        }

        var written = listener.Stop().Written;
        return written == clients ? percent : throw new WrongResultException($"{written} records where {clients} were written");
    }

    private static TimeSpan Processor(ListenerProcess listener)
    {
        listener.Process.Refresh();
        return listener.Process.TotalProcessorTime;
    }
}
