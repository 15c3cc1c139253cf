using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>A real disk that is full.</summary>
public sealed class FullDiskTests : IDisposable
{
    // Each short enough for the ring: a longer record would get a file of its own.
    private const int Count = 60;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SmallDisk disk = new();

    public void Dispose() => disk.Dispose();

    [Fact]
    public async Task Writers_wait_until_there_is_room_and_then_everything_is_there()
    {
        var listener = Start();
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        Assert.Equal(ListenerState.Running, listener.State);
        disk.Fill(leave: 8192);
        var writing = Task.Run(() => Enumerable.Range(0, Count).Select(i => Write(client, i)).ToArray());
        await Eventually.TrueAsync(() => listener.State == ListenerState.Waiting, "the listener waits for room");

        // 30 KB do not fit into 8 KiB of disk and 4 KiB of ring.
        Assert.False(writing.IsCompleted);
        AssertBeginning(disk.ReadLines("run.log"));

        disk.MakeRoom();
        Assert.All(await writing.WaitAsync(TestTimeout.Limit), result => Assert.Equal(WriteResult.Accepted, result));
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.Equal(ListenerState.Running, listener.State);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, Count).Select(Message), disk.ReadLines("run.log"));
        Assert.Equal(Count, listener.Written);
        Assert.Contains("Could not write to", Assert.Single(listener.Failures).Message);
    }

    [Fact]
    public async Task A_stop_while_it_is_full_ends_and_the_next_listener_writes_the_rest_once()
    {
        var listener = Start();
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        disk.Fill(leave: 8192);
        var writing = Task.Run(() => Enumerable.Range(0, Count).TakeWhile(i => Write(client, i) == WriteResult.Accepted).Count());
        await Eventually.TrueAsync(() => listener.State == ListenerState.Waiting, "the listener waits for room");

        await listener.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TestTimeout.Limit);
        Assert.Equal(ListenerState.Stopped, listener.State);
        var accepted = await writing.WaitAsync(TestTimeout.Limit);
        await client.DisposeAsync();
        AssertBeginning(disk.ReadLines("run.log"));

        disk.MakeRoom();
        var next = Start();
        await next.Recovered.WaitAsync(TestTimeout.Limit);
        await next.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = disk.ReadLines("run.log");
        Assert.Equal(Enumerable.Range(0, accepted).Select(Message), lines.Where(line => line.StartsWith("record ", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Contains("left by an earlier listener were recovered", StringComparison.Ordinal));
    }

    private static void AssertBeginning(string[] lines)
    {
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(Message), lines);
        Assert.InRange(lines.Length, 0, 16);
    }

    private static string Message(int i) => $"record {i} ".PadRight(500, '.');

    private static WriteResult Write(LogClient client, int i) => client.Write(new RecordDraft { Level = LogLevel.Information, Message = Message(i) });

    private LogListener Start() => TestListener.Start(disk.Combine("run.log"), options => options with { RingCapacity = 4096 });
}
