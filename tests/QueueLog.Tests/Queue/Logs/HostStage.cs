using QueueLog.Diagnostics;
using QueueLog.Queue;
using QueueLog.Queue.Logs;
using QueueLog.Tests.Faults;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>A run on a real server: processes of hosts with a state folder each, their writers, and a submitter whose listener has the log.</summary>
internal sealed class HostStage : IAsyncDisposable
{
    private const string RunName = "r1";
    private const string Submitter = "submitter";

    // What a writer still writes when all is well again.
    private const int Encore = 100;

    // On Windows the names of pipes are the whole machine's.
    private readonly string name = $"l{Guid.NewGuid():N}"[..12];

    private readonly TempFolder folder = new();
    private readonly List<FaultWriter> writers = [];
    private readonly List<ActorProcess> actors = [];
    private readonly Dictionary<string, ActorProcess> hosts = [];
    private readonly Dictionary<string, int> lives = [];
    private readonly IQueueEngine engine;
    private LogFeed? feed;

    private HostStage(NatsServer server, IQueueEngine engine)
    {
        Server = server;
        this.engine = engine;
    }

    public NatsServer Server { get; }

    public string Log => folder.Combine("logs", "run.log");

    public static async Task<HostStage> StartAsync()
    {
        var server = await NatsServer.StartAsync();
        var stage = new HostStage(server, await server.ConnectAsync());
        await stage.engine.CreateRunAsync(RunName, TestContext.Current.CancellationToken);
        return stage;
    }

    /// <summary>Starts a host, or its next life.</summary>
    public async Task<ActorProcess> StartHostAsync(string host, FaultDeath? death = null)
    {
        var life = lives[host] = lives.GetValueOrDefault(host) + 1;
        var process = Start(host, ["host", Server.LinkPath, RunName, PipeOf(host), host, $"life{life}", folder.Combine("spools"), .. death?.Arguments ?? []]);
        hosts[host] = process;
        await process.WaitUntilReadyAsync();
        return process;
    }

    /// <summary>Starts a writer on a host.</summary>
    public async Task<FaultWriter> StartWriterAsync(string host, WriterLoad load)
    {
        var called = $"w{writers.Count + 1}";
        var report = folder.Combine(called + ".report");
        var writer = new FaultWriter(called, Start(host, ["write", PipeOf(host), called, report, .. load.Arguments]), report, load);
        writers.Add(writer);
        await writer.Process.WaitUntilReadyAsync();
        return writer;
    }

    /// <summary>Starts the submitter, or one that takes its place.</summary>
    public async Task<ActorProcess> StartSubmitterAsync(FaultDeath? death = null)
    {
        var process = Start(Submitter, ["submit", Server.LinkPath, RunName, Log, PipeOf(Submitter), $"{int.MaxValue}", "Number", "False", .. death?.Arguments ?? []]);
        await process.WaitUntilReadyAsync();
        return process;
    }

    /// <summary>Starts a listener of the log without a feed, or one that takes its place.</summary>
    public async Task<ActorProcess> StartListenerAsync(FaultDeath? death = null)
    {
        var process = Start(Submitter, ["listen", Log, PipeOf(Submitter), $"{int.MaxValue}", "Number", "False", .. death?.Arguments ?? []]);
        await process.WaitUntilReadyAsync();
        return process;
    }

    /// <summary>Starts a feed in this process for that listener.</summary>
    public void StartFeed() => feed = LogFeed.Start(engine.OpenRun(RunName), () => PipeName.ToAddress(PipeOf(Submitter), folder.Combine(Submitter)), new FailureLog());

    /// <summary>Waits until the log is longer than it is.</summary>
    public async Task WaitForMoreAsync(int bytes = 1_000_000)
    {
        var before = Length();
        await Eventually.TrueAsync(() => Length() >= before + bytes, "the log grows");

        long Length() => File.Exists(Log) ? new FileInfo(Log).Length : 0;
    }

    public static async Task KillAsync(ActorProcess process)
    {
        process.Kill();
        await process.WaitUntilKilledAsync();
    }

    /// <summary>Lets the writers finish, stops the hosts and the submitter.</summary>
    /// <returns>What is wrong with the log, and what any of them said.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(ActorProcess submitter)
    {
        foreach (var writer in writers.Where(writer => !writer.IsKilled))
        {
            writer.Process.Send($"finish {Encore}");
        }

        foreach (var writer in writers.Where(writer => !writer.IsKilled))
        {
            await writer.Process.WaitUntilDoneAsync();
        }

        var said = new List<string>();
        foreach (var host in hosts.Values)
        {
            host.Send("stop");
            said.Add(await host.WaitUntilDoneAsync());
        }

        if (feed is not null)
        {
            var missing = await feed.EndAsync([.. hosts.Keys.Select(host => (host, $"life{lives[host]}"))], TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
            said.AddRange(missing.Select(host => $"The log of {host.Host} is missing."));
        }

        submitter.Send($"end {string.Join(' ', hosts.Keys.Select(host => $"{host}/life{lives[host]}"))}");
        said.Add(await submitter.WaitUntilDoneAsync());
        var claims = writers.Select(writer => writer.Claim).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{claims.Sum(claim => claim.Returned.Sum())} records, {new FileInfo(Log).Length} bytes");
        return [.. LogCheck.Run(Log, claims), .. said.Where(text => text.Length > 0)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in actors)
        {
            actor.Dispose();
        }

        if (feed is not null)
        {
            await feed.DisposeAsync();
        }

        await engine.DisposeAsync();
        Server.Dispose();
        folder.Dispose();
    }

    private string PipeOf(string machine) => $"{name}-{machine}";

    private ActorProcess Start(string machine, string[] arguments)
    {
        var process = ActorProcess.Start(folder.Combine(machine), arguments);
        actors.Add(process);
        return process;
    }
}
