using QueueLog.Journal;
using QueueLog.Tests.Faults;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>Whoever dies between a writer on a host and the log of the run: the log has each record once, those of one process in order.</summary>
public sealed class HostLogDeathTests
{
    private const int Rounds = 3;

    // Every 23rd record is longer than a packet.
    private static readonly WriterLoad Load = new(1, 4, 10, 23);

    public static TheoryData<string> Places =>
        new(nameof(JournalFault.BatchFormatted), nameof(JournalFault.CheckpointWritten), nameof(JournalFault.BatchWritten), nameof(JournalFault.HeadsMoved));

    // The next life has the spool and the rings of the dead one, and its forwarder cuts otherwise.
    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_host_dies_at(string place)
    {
        await using var stage = await HostStage.StartAsync();
        var submitter = await stage.StartSubmitterAsync();
        var host = await stage.StartHostAsync("web1", DeathAt(place));
        await stage.StartHostAsync("web2");
        await stage.StartWriterAsync("web1", Load);
        await stage.StartWriterAsync("web2", Load);
        await stage.WaitForMoreAsync();
        host.Send("arm");
        await host.WaitUntilKilledAsync();
        await stage.StartHostAsync("web1");
        FaultSeed.AssertNone(await stage.FinishAsync(submitter));
    }

    // What it had committed and not released comes again to the next one.
    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_submitter_dies_at(string place)
    {
        await using var stage = await HostStage.StartAsync();
        var submitter = await stage.StartSubmitterAsync(DeathAt(place));
        await StartHostsAsync(stage);
        await stage.WaitForMoreAsync();
        submitter.Send("arm");
        await submitter.WaitUntilKilledAsync();
        FaultSeed.AssertNone(await stage.FinishAsync(await stage.StartSubmitterAsync()));
    }

    [Fact]
    public async Task A_listener_dies_and_the_feed_goes_on_with_the_next()
    {
        await using var stage = await HostStage.StartAsync();
        var listener = await stage.StartListenerAsync(DeathAt(nameof(JournalFault.BatchWritten)));
        stage.StartFeed();
        await StartHostsAsync(stage);
        await stage.WaitForMoreAsync();
        listener.Send("arm");
        await listener.WaitUntilKilledAsync();
        var next = await stage.StartListenerAsync();
        await stage.WaitForMoreAsync();
        if (!OperatingSystem.IsWindows())
        {
            // What it has been sent and has not in the log is still in the queue, however long ago that was.
            Signals.Send("STOP", next.Pid);
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await HostStage.KillAsync(next);
            next = await stage.StartListenerAsync();
        }

        FaultSeed.AssertNone(await stage.FinishAsync(next));
    }

    [Fact]
    public async Task Hosts_and_submitters_die_at_random_moments()
    {
        var chance = FaultSeed.Begin(17);
        await using var stage = await HostStage.StartAsync();
        var submitter = await stage.StartSubmitterAsync();
        string[] names = ["web1", "web2"];
        var hosts = new Dictionary<string, ActorProcess>();
        foreach (var name in names)
        {
            hosts[name] = await stage.StartHostAsync(name);
            await stage.StartWriterAsync(name, Load);
        }

        for (var round = 0; round < 2 * Rounds; round++)
        {
            // The moment itself, not a wait for anything.
            await Task.Delay(chance.Next(250), TestContext.Current.CancellationToken);
            if (chance.Next(3) is > 0 and var number)
            {
                var name = names[number - 1];
                await HostStage.KillAsync(hosts[name]);
                hosts[name] = await stage.StartHostAsync(name);
            }
            else
            {
                await HostStage.KillAsync(submitter);
                submitter = await stage.StartSubmitterAsync();
            }
        }

        FaultSeed.AssertNone(await stage.FinishAsync(submitter));
    }

    [Fact]
    public async Task Writers_die_with_their_host()
    {
        await using var stage = await HostStage.StartAsync();
        var submitter = await stage.StartSubmitterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var host = await stage.StartHostAsync("web1");
            var writer = await stage.StartWriterAsync("web1", Load);
            await stage.WaitForMoreAsync();
            host.Kill();
            writer.Process.Kill();
            writer.IsKilled = true;
            await host.WaitUntilKilledAsync();
            await writer.Process.WaitUntilKilledAsync();
        }

        await stage.StartHostAsync("web1");
        FaultSeed.AssertNone(await stage.FinishAsync(submitter));
    }

    [Fact]
    public async Task The_server_dies()
    {
        await using var stage = await HostStage.StartAsync();
        var submitter = await StartAllAsync(stage);
        for (var round = 0; round < Rounds; round++)
        {
            await stage.WaitForMoreAsync();
            stage.Server.Kill();
            await stage.Server.StartAsync();
        }

        await stage.WaitForMoreAsync();
        FaultSeed.AssertNone(await stage.FinishAsync(submitter));
    }

    // For longer than those who ask it wait for an answer: they ask again for what it may have done.
    [Fact]
    public async Task The_server_stands_still()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No signal there stops a process.");
        await using var stage = await HostStage.StartAsync();
        var submitter = await StartAllAsync(stage);
        await stage.WaitForMoreAsync();
        stage.Server.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        stage.Server.Thaw();
        await stage.WaitForMoreAsync();
        FaultSeed.AssertNone(await stage.FinishAsync(submitter));
    }

    private static async Task<ActorProcess> StartAllAsync(HostStage stage)
    {
        var submitter = await stage.StartSubmitterAsync();
        await StartHostsAsync(stage);
        return submitter;
    }

    private static async Task StartHostsAsync(HostStage stage)
    {
        await stage.StartHostAsync("web1");
        await stage.StartHostAsync("web2");
        await stage.StartWriterAsync("web1", Load);
        await stage.StartWriterAsync("web2", Load);
    }

    private static FaultDeath DeathAt(string place)
    {
        var chosen = Enum.Parse<JournalFault>(place);
        return new FaultDeath(chosen, FaultSeed.Begin((int)chosen).Next(1, 20));
    }
}
