using QueueLog.Queue;
using QueueLog.Queue.Logs;
using QueueLog.Reading.Checks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>Records of hosts come into the log of the submitter through a real server.</summary>
public sealed class HostLogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // In this process their clients have the same name and pid: only the host tells them apart.
    [Fact]
    public async Task Two_hosts_log_into_one_log_which_is_complete()
    {
        await using var stage = await RunStage.StartAsync();
        await using var feed = stage.StartFeed();
        await using var first = await stage.StartHostAsync("web1");
        await using var second = await stage.StartHostAsync("web2");
        await Task.WhenAll(RunStage.WriteAsync(first, 2000, " of one"), RunStage.WriteAsync(second, 2000, " of two")).WaitAsync(TestTimeout.Limit);
        await RunStage.StopAsync(first);
        await RunStage.StopAsync(second);
        await RunStage.EndAsync(feed, ("web1", "life1"), ("web2", "life1"));
        await stage.AssertHasAsync("web1", 2000, " of one");
        await stage.AssertHasAsync("web2", 2000, " of two");
        var results = await stage.CheckAsync();
        Assert.All(results, result => Assert.Equal(CheckStatus.Complete, result.Status));
        Assert.Equal([2000L, 2000], results.Where(result => result.Subject == CheckSubject.Process).Select(result => result.Count));
        Assert.Empty(HostSpools.FindRuns(stage.SpoolRoot, "web1"));
    }

    [Fact]
    public async Task A_host_that_is_gone_for_good_is_named_and_the_log_says_since_when()
    {
        await using var stage = await RunStage.StartAsync();
        await using var feed = stage.StartFeed();
        await using var first = await stage.StartHostAsync("web1");
        await using var gone = await stage.StartHostAsync("web2");
        await RunStage.WriteAsync(first, 10);
        await RunStage.WriteAsync(gone, 10);
        await RunStage.StopAsync(first);
        await Eventually.TrueAsync(() => stage.Lines.Count(line => line.Contains("@web2 ", StringComparison.Ordinal)) == 10, "the records of web2 are in the log");
        var missing = await feed.EndAsync([("web2", "life1"), ("web1", "life1")], TimeSpan.FromSeconds(2)).WaitAsync(TestTimeout.Limit);
        var named = Assert.Single(missing);
        Assert.Equal("web2", named.Host);
        Assert.InRange(named.Since, DateTimeOffset.Now - TestTimeout.Limit, DateTimeOffset.Now);
        var result = Assert.Single(await stage.CheckAsync(), result => result.Subject == CheckSubject.Host);
        Assert.Equal(("web2", CheckStatus.Incomplete), (result.Name, result.Status));
        Assert.Contains(stage.Lines, line => line.Contains("The log of host web2 is missing since ", StringComparison.Ordinal));
    }

    // What it had sent before says nothing: without an end, the submitter would wait for the host in vain.
    [Fact]
    public async Task A_host_tells_its_end_to_a_server_that_is_away_when_it_stops()
    {
        await using var stage = await RunStage.StartAsync(new QueueEngineOptions { Timeout = TimeSpan.FromSeconds(1) });
        await using var feed = stage.StartFeed();
        await using var host = await stage.StartHostAsync("web1");
        await RunStage.WriteAsync(host, 100);
        await Eventually.TrueAsync(() => stage.Lines.Length >= 100 && host.Waiting == 0, "the queue has everything");
        stage.Server.Kill();
        await Eventually.TrueAsync(() => !stage.Engine.Connection.IsConnected, "the loss is seen");
        var stopping = RunStage.StopAsync(host);
        await Eventually.TrueAsync(() => host.Trouble is not null, "it has tried in vain");
        await stage.Server.StartAsync();
        await stopping;
        await RunStage.EndAsync(feed, ("web1", "life1"));
        await stage.AssertHasAsync("web1", 100);
    }

    [Fact]
    public async Task What_a_life_of_a_host_could_not_hand_over_its_next_one_does()
    {
        await using var stage = await RunStage.StartAsync(new QueueEngineOptions { Timeout = TimeSpan.FromSeconds(1) });
        await using var host = await stage.StartHostAsync("web1");
        stage.Server.Kill();
        await RunStage.WriteAsync(host, 100);
        Assert.False(await host.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(TestTimeout.Limit));
        await stage.Server.StartAsync();
        await using var feed = stage.StartFeed();
        await using var next = await stage.StartHostAsync("web1", "life2");
        await RunStage.StopAsync(next);

        // Whoever saw only the first life begin hears of the end, too.
        await RunStage.EndAsync(feed, ("web1", "life1"), ("web1", "life2"));
        await stage.AssertHasAsync("web1", 100);
    }

    [Fact]
    public async Task A_host_that_starts_brings_what_it_left_of_other_runs_and_removes_what_nobody_will_read()
    {
        await using var stage = await RunStage.StartAsync(new QueueEngineOptions { Timeout = TimeSpan.FromSeconds(1) });
        await using var host = await stage.StartHostAsync("web1");
        await using var unread = await stage.StartHostAsync("web1", run: await stage.Engine.CreateRunAsync("r2", Cancellation));
        await using var untold = await stage.StartHostAsync("web1", run: await stage.Engine.CreateRunAsync("r3", Cancellation));
        await RunStage.WriteAsync(untold, 1);
        await Eventually.TrueAsync(() => untold.Waiting == 0, "the queue has it");
        stage.Server.Kill();
        await RunStage.WriteAsync(host, 100);
        await RunStage.WriteAsync(unread, 100);
        foreach (var log in new[] { host, unread, untold })
        {
            Assert.False(await log.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(TestTimeout.Limit));
        }

        await stage.Server.StartAsync();
        await Eventually.TrueAsync(() => stage.Engine.Connection.IsConnected, "it is connected again");
        await stage.Engine.DeleteRunAsync("r2", Cancellation).WaitAsync(TestTimeout.Limit);
        await stage.Engine.DeleteRunAsync("r3", Cancellation).WaitAsync(TestTimeout.Limit);
        await using var feed = stage.StartFeed();
        await HostLog.ForwardLeftAsync(stage.Engine, stage.Options("web1", "life2"), TestTimeout.Limit, Cancellation).WaitAsync(TestTimeout.Limit);
        Assert.Empty(HostSpools.FindRuns(stage.SpoolRoot, "web1"));
        await RunStage.EndAsync(feed, ("web1", "life1"));
        await stage.AssertHasAsync("web1", 100);
    }
}
