using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Tests.Support;
using static QueueLog.Tests.Queue.Submission.QueueStage;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>Three servers, of which one is lost.</summary>
public sealed class QueueClusterTests
{
    private const int Count = 300;

    // What was under way there is asked anew: appends, fetches, and consumers that only that server had.
    [Fact]
    public async Task A_run_goes_on_without_the_server_that_led_it()
    {
        await using var stage = await StartClusterAsync();
        using var folder = new TempFolder();
        await using var listener = await StartListenerAsync(folder);
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        var (_, run) = await stage.BeginAsync(
            stage.Noting("Write-QueueLog 'this is {Item}' -ArgumentList $i; [Threading.Thread]::Sleep(20); $i"),
            pool => pool with { ListenerAddress = listener.Address, HostTimeout = TestTimeout.Limit, EndTimeout = TestTimeout.Limit });
        AddAll(run, Count);
        var reading = ReadAsync(run);
        await Eventually.TrueAsync(() => run.Progress.Ended >= 40 || reading.IsCompleted, "items end");
        (await stage.Cluster!.LeaderAsync($"QL-{((QueueRun)run).Name}-done")).Kill();
        var record = await reading.WaitAsync(TestTimeout.Limit);
        Assert.Null(run.Failure);
        Assert.Equal(Enumerable.Range(0, Count).Select(static i => (long)i), record.With(ItemStatus.Completed));
        Assert.Equal(Count, record.Ends.Count);
        Assert.Equal(Count, record.Outputs.Count);
        Assert.All(stage.Begun(), static item => Assert.Equal(1, item.Value));
        Assert.Empty(((QueueRun)run).MissingLogs);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.All(new LogCheck(folder.Combine("run.log"), new LogQuery()).Run(), static result => Assert.Equal(CheckStatus.Complete, result.Status));
        Assert.Equal(Count, folder.ReadLines("run.log").Count(static line => line.Contains(" this is ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_run_begins_while_one_server_is_away_with_two_copies_of_everything()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        await using var stage = await StartClusterAsync();
        var link = stage.Cluster!.Link;
        await using (var engine = await stage.Server.ConnectAsync(Quick, link))
        {
            await engine.CreateRunAsync("whole", Cancellation);
        }

        // It says goodbye, so that the others know at once that it is away.
        stage.Cluster.Servers[2].Stop();
        await using var later = await stage.Server.ConnectAsync(Quick, link);
        await QueueCall.RepeatAsync(() => later.CreateRunAsync("r1", Cancellation), Cancellation).WaitAsync(TestTimeout.Limit);
        await using var session = await Nats.NatsSession.ConnectAsync(link, new QueueEngineOptions(), Cancellation);
        foreach (var (stream, copies) in new[] { ("KV_QL-runs", 3), ("KV_QL-hosts", 3), ("QL-whole-done", 3), ("OBJ_QL-whole-blob", 3), ("QL-r1-work", 2), ("QL-r1-done", 2), ("QL-r1-log", 2), ("OBJ_QL-r1-blob", 2) })
        {
            Assert.Equal((stream, copies), (stream, (await session.JetStream.GetStreamAsync(stream, cancellationToken: Cancellation)).Info.Config.NumReplicas));
        }

        // What was made with other settings is gone on with.
        await stage.Cluster.Servers[2].StartAsync();
        await QueueCall.RepeatAsync(() => later.CreateRunAsync("r1", Cancellation), Cancellation).WaitAsync(TestTimeout.Limit);
    }
}
