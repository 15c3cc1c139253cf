using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Records;

namespace QueueLog.Tests.Support;

/// <summary>A client that does all as it should, beside one that does not: whatever that does, this one's log is complete.</summary>
internal sealed class HealthyWriter
{
    private readonly LogClient client;
    private int written;

    private HealthyWriter(LogClient client) => this.client = client;

    public static async Task<HealthyWriter> ConnectAsync(LogListener listener) =>
        new(await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None));

    /// <summary>Writes some records and waits until they are in the file.</summary>
    public async Task WriteAsync(int count = 300)
    {
        for (var end = written + count; written < end; written++)
        {
            Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"healthy {written}" }));
        }

        Assert.True(await client.AcknowledgedAsync(CancellationToken.None).WaitAsync(TestTimeout.Limit));
    }

    /// <summary>Writes once more, stops the listener and looks into the file.</summary>
    /// <returns>The lines that are of others.</returns>
    public async Task<string[]> StopAndCheckAsync(LogListener listener, string[] log, TempFolder folder)
    {
        await WriteAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines(log);
        Assert.Equal(Enumerable.Range(0, written).Select(i => $"healthy {i}"), lines.Where(IsHealthy));
        return [.. lines.Where(line => !IsHealthy(line))];

        static bool IsHealthy(string line) => line.StartsWith("healthy ", StringComparison.Ordinal);
    }
}
