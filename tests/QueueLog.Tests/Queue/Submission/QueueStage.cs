using System.Globalization;
using QueueLog.Listener;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Queue;
using QueueLog.Queue.Hosts;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Faults;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>A real server, hosts with real workers, and what a submitter has of a run.</summary>
internal sealed class QueueStage : IAsyncDisposable
{
    public static readonly Version Version = new(1, 2, 3);
    private static readonly string Module = Path.Combine(Repository.Root, "bin", "QueueLog.PowerShell.dll");
    private readonly List<HostAgent> hosts = [];
    private readonly List<ActorProcess> actors = [];
    private readonly List<NatsProxy> proxies = [];
    private readonly TempFolder folder = new();

    private QueueStage(NatsServer server, NatsCluster? cluster = null) => (Server, Cluster) = (server, cluster);

    public NatsServer Server { get; }

    /// <summary>The servers where there are three.</summary>
    public NatsCluster? Cluster { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static QueueEngineOptions Quick => new() { Timeout = TimeSpan.FromSeconds(3), MaxLogBytes = 64 * 1024 * 1024, MaxWorkBytes = 64 * 1024 * 1024 };

    public static async Task<QueueStage> StartAsync(Func<string, string>? reconfigure = null) => new(await NatsServer.StartAsync(reconfigure: reconfigure));

    public static async Task<QueueStage> StartClusterAsync()
    {
        var cluster = await NatsCluster.StartAsync();
        return new QueueStage(cluster.Servers[0], cluster);
    }

    /// <summary>Starts a listener with a file.</summary>
    public static Task<LogListener> StartListenerAsync(TempFolder folder) =>
        ListenerFactory.StartAsync(new ListenerOptions { Name = TestListener.NewName(), File = new RollingFileOptions { Path = folder.Combine("run.log") }, Template = "{Process} {Pid} {Sequence} {Message}" });

    /// <summary>Options of a host with real workers.</summary>
    public static HostOptions Host(string name, string logRoot, int slots = 2) => new()
    {
        Name = name,
        Slots = slots,
        Version = Version,
        LogRoot = logRoot,
        Heartbeat = TimeSpan.FromSeconds(1),
        StartPool = StartPool,
    };

    /// <summary>Starts a host in this process; its workers are processes.</summary>
    public async Task<HostAgent> StartHostAsync(string name, int slots = 2, Func<HostOptions, HostOptions>? change = null, NatsProxy? through = null, QueueEngineOptions? queue = null)
    {
        var options = Host(name, folder.Combine("spools"), slots);
        var host = await HostAgent.StartAsync(await Server.ConnectAsync(queue ?? Quick, through?.Link(Link) ?? Link), change?.Invoke(options) ?? options, Cancellation).WaitAsync(TestTimeout.Limit);
        hosts.Add(host);
        return host;
    }

    /// <summary>Starts a proxy of the server.</summary>
    /// <param name="least">The least milliseconds that what passes takes.</param>
    /// <param name="most">The most.</param>
    public NatsProxy StartProxy(int least, int most)
    {
        var proxy = NatsProxy.Start(Server, least, most);
        proxies.Add(proxy);
        return proxy;
    }

    /// <summary>Begins a run.</summary>
    public async Task<(QueuePool Pool, IItemRun Run)> BeginAsync(string script, Func<QueuePoolOptions, QueuePoolOptions>? change = null, RunOptions? runOptions = null, NatsProxy? through = null, QueueEngineOptions? queue = null)
    {
        var options = new QueuePoolOptions { Name = "P", Version = Version, Heartbeat = TimeSpan.FromSeconds(1), HostTimeout = TimeSpan.FromSeconds(5) };
        var pool = await QueuePool.ConnectAsync(await Server.ConnectAsync(queue ?? Quick, through?.Link(Link) ?? Link), change?.Invoke(options) ?? options, Cancellation).WaitAsync(TestTimeout.Limit);
        return (pool, pool.TryBegin(new WorkDefinition { Script = script, Location = folder.Path }, runOptions ?? new RunOptions { ReportsEnds = true })!);
    }

    /// <summary>Starts a host that is a process of its own.</summary>
    public async Task<ActorProcess> StartHostProcessAsync(string name, int slots = 2, NatsProxy? through = null)
    {
        var link = folder.Combine($"{name}.qlink");
        (through?.Link(Link) ?? Link).Write(link);
        var host = ActorProcess.Start(folder.Combine(name), "work", link, name, $"{slots}", folder.Combine("spools"), PwshProcess.Program, Module);
        actors.Add(host);
        await host.WaitUntilReadyAsync();
        return host;
    }

    /// <summary>Starts a submitter that is a process of its own.</summary>
    public ActorProcess StartSubmitter(int count, IEnumerable<long> skipped, string script)
    {
        var submitter = ActorProcess.Start(folder.Combine("submitter"), "items", Server.LinkPath, "P", $"{count}", string.Join(',', skipped), script);
        actors.Add(submitter);
        return submitter;
    }

    /// <summary>A script that notes down that an item was begun.</summary>
    public string Noting(string script) => $"param($i) [IO.File]::Create('{folder.Combine("begun")}' + \"-$i-\" + [guid]::NewGuid()).Dispose(); {script}";

    /// <summary>How often each item was begun.</summary>
    public Dictionary<long, int> Begun() => Directory.GetFiles(folder.Path, "begun-*").GroupBy(static file => long.Parse(Path.GetFileName(file).Split('-')[1], CultureInfo.InvariantCulture)).ToDictionary(static item => item.Key, static item => item.Count());

    public static WorkItem Item(long index, object value)
    {
        var output = new ByteWriter();
        Assert.True(ValueCodec.TryWrite(output, value));
        return new WorkItem(index, value, output.Detach());
    }

    public static void AddAll(IItemRun run, int count)
    {
        for (var i = 0; i < count; i++)
        {
            run.Add(Item(i, i));
        }

        run.CompleteAdding();
    }

    /// <summary>Reads all there is of a run.</summary>
    public static async Task<RunRecord> ReadAsync(IItemRun run, Action<RunRecord>? onEvent = null)
    {
        var record = new RunRecord();
        await foreach (var workEvent in run.Events.ReadAllAsync(Cancellation))
        {
            record.Apply(workEvent);
            onEvent?.Invoke(record);
        }

        return record;
    }

    private QueueLink Link => Cluster?.Link ?? Server.Link;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(hosts.Select(static host => host.StopAsync(TimeSpan.Zero))).WaitAsync(TestTimeout.Limit);
        }
        finally
        {
            actors.ForEach(static actor => actor.Dispose());
            foreach (var proxy in proxies)
            {
                await proxy.DisposeAsync();
            }

            ((IDisposable?)Cluster ?? Server).Dispose();
            folder.Dispose();
        }
    }

    private static WorkerPool StartPool(HostRun run)
    {
        var pool = new WorkerPool(
            new WorkerPoolOptions { Name = run.Name, Count = run.Slots, ListenerAddress = run.ListenerAddress, Exits = run.Exits, MaxItemsPerWorker = run.Entry.MaxItemsPerWorker, MaxWorkerMemory = run.Entry.MaxWorkerMemory },
            new WorkerCommandLine(PwshProcess.Program, Module));
        pool.Start(1);
        return pool;
    }
}
