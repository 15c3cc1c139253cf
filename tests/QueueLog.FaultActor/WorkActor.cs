using System.Globalization;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Queue.Hosts;

namespace QueueLog.FaultActor;

/// <summary>A host with real workers: <c>work LINK NAME SLOTS SPOOLS PWSH MODULE</c>. It says "ready", and stops when its standard input ends.</summary>
internal static class WorkActor
{
    public static readonly Version Version = new(1, 2, 3);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var engine = await QueueConnector.ConnectAsync(arguments[0]);
        var options = new HostOptions
        {
            Name = arguments[1],
            Slots = int.Parse(arguments[2], CultureInfo.InvariantCulture),
            Version = Version,
            LogRoot = arguments[3],
            Heartbeat = TimeSpan.FromSeconds(1),
            StartPool = run => StartPool(run, new WorkerCommandLine(arguments[4], arguments[5])),
        };
        var host = await HostAgent.StartAsync(engine, options, CancellationToken.None);
        await Console.Out.WriteLineAsync("ready");
        await Console.In.ReadToEndAsync();
        await host.StopAsync(TimeSpan.FromSeconds(5));
        return 0;
    }

    private static WorkerPool StartPool(HostRun run, WorkerCommandLine commandLine)
    {
        var pool = new WorkerPool(new WorkerPoolOptions { Name = run.Name, Count = run.Slots, ListenerAddress = run.ListenerAddress, Exits = run.Exits }, commandLine);
        pool.Start(1);
        return pool;
    }
}
