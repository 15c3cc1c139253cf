using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Queue;
using QueueLog.Queue.Logs;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>A run on a real server, with hosts and a submitter in this process.</summary>
internal sealed class RunStage : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogListener listener;

    private RunStage(NatsServer server, IQueueEngine engine, IQueueRun run, Func<string, Task<LogListener>> start)
    {
        (Server, Engine, Run) = (server, engine, run);
        listener = start(folder.Combine("run.log")).GetAwaiter().GetResult();
    }

    public NatsServer Server { get; }

    public IQueueEngine Engine { get; }

    public IQueueRun Run { get; }

    public string SpoolRoot => folder.Combine("spools");

    /// <summary>What the log holds, each with its process.</summary>
    public string[] Lines => [.. folder.ReadLines("run.log").Skip(1)];

    /// <summary>The length of the log.</summary>
    public long Length => new FileInfo(folder.Combine("run.log")).Length;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunStage> StartAsync(QueueEngineOptions? options = null)
    {
        var server = await NatsServer.StartAsync();
        var engine = await server.ConnectAsync(options);
        return new RunStage(server, engine, await engine.CreateRunAsync("r1", Cancellation), path => ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new RollingFileOptions { Path = path },
            Template = "{Process} {Pid} {Sequence} {Message}",
        }));
    }

    public LogFeed StartFeed() => LogFeed.Start(Run, () => listener.Address, new FailureLog());

    public HostLogOptions Options(string host, string life = "life1") => new() { Host = host, Incarnation = life, Root = SpoolRoot };

    public Task<HostLog> StartHostAsync(string host, string life = "life1", IQueueRun? run = null) => StartHostAsync(Options(host, life), run);

    public Task<HostLog> StartHostAsync(HostLogOptions options, IQueueRun? run = null) => HostLog.StartAsync(Engine, run ?? Run, options);

    /// <summary>Has a client write numbered records on a host.</summary>
    public static async Task WriteAsync(HostLog host, int count, string text = "")
    {
        await using var client = await LogClient.ConnectAsync(host.Address, new ClientOptions(), Cancellation);
        await Task.Run(() =>
        {
            for (var number = 1; number <= count; number++)
            {
                Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"record {number}{text}" }, Cancellation));
            }
        });
    }

    /// <summary>Stops a host, which has everything on the queue by then.</summary>
    public static async Task StopAsync(HostLog host) => Assert.True(await host.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit));

    /// <summary>Waits until the log has all of these hosts.</summary>
    public static async Task EndAsync(LogFeed feed, params (string Host, string Life)[] hosts) =>
        Assert.Empty(await feed.EndAsync(hosts, TestTimeout.Limit).WaitAsync(TestTimeout.Limit));

    /// <summary>Stops the log's listener and asserts that the log has a host's records once and in order.</summary>
    public async Task AssertHasAsync(string host, int count, string text = "")
    {
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var records = Lines.Where(line => line.Contains($"@{host} ", StringComparison.Ordinal) && line.Contains(" record ", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, count).Select(number => $"record {number}{text}"), records.Select(line => line[line.IndexOf("record ", StringComparison.Ordinal)..]));
    }

    /// <summary>What Test-QueueLog says of the log.</summary>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync()
    {
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        return [.. new LogCheck(folder.Combine("run.log"), new LogQuery()).Run()];
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await Engine.DisposeAsync();
        Server.Dispose();
        folder.Dispose();
    }
}
