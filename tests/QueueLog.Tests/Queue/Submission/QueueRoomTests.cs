using QueueLog.Listener;
using QueueLog.Queue;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>A server whose disk is full while a run goes on.</summary>
public sealed class QueueRoomTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly QueueEngineOptions Small = Quick with { MaxLogBytes = Megabyte, MaxWorkBytes = Megabyte };

    [Fact]
    public async Task Results_wait_until_there_is_room_and_no_host_is_lost_meanwhile()
    {
        await using var stage = await StartAsync(static text => text.Replace("jetstream {", $"jetstream {{ max_file_store: {8 * Megabyte}", StringComparison.Ordinal));
        using var folder = new TempFolder();
        await using var listener = await ListenerFactory.StartAsync(new ListenerOptions { Name = TestListener.NewName(), File = new RollingFileOptions { Path = folder.Combine("run.log") }, Template = "{Process} {Message}" });
        await using var engine = await stage.Server.ConnectAsync(Small);
        var filler = await engine.CreateRunAsync("filler", Cancellation);
        await stage.StartHostAsync("web1");
        var (_, run) = await stage.BeginAsync(
            stage.Noting($"while (-not [IO.File]::Exists('{folder.Combine("go")}')) {{ [Threading.Thread]::Sleep(20) }}; $i"),
            pool => pool with { ListenerAddress = listener.Address },
            queue: Small);
        AddAll(run, 20);
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => stage.Begun().Count == 2, "items have begun");
        await FillAsync(filler);
        File.WriteAllText(folder.Combine("go"), "");
        await Eventually.TrueAsync(() => folder.Read("run.log").Contains(" waits: the server of the queue has no room for more items: ", StringComparison.Ordinal), "it is said");

        // Longer than a host may be silent.
        await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
        Assert.False(reading.IsCompleted);
        await engine.DeleteRunAsync("filler", Cancellation);
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.DoesNotContain("does not answer", folder.Read("run.log"), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(20, record.Ends.Count);
        Assert.Equal(20, record.Outputs.Count);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
    }

    // Down to what is less than the least of all messages.
    private static async Task FillAsync(IQueueRun filler)
    {
        var number = 0;
        for (var size = 256 * 1024; size > 0; size /= 4)
        {
            for (var isFull = false; !isFull; number++)
            {
                try
                {
                    await filler.AppendAsync($"c{number}", new byte[size], 0, $"{number}", Cancellation);
                }
                catch (QueueException e) when (e.Fault == QueueFault.Full)
                {
                    isFull = true;
                }
            }
        }
    }
}
