using QueueLog.Queue.Logs;

namespace QueueLog.FaultActor;

/// <summary>A host's log of a run, until a line on standard input or its end: <c>host LINK RUN NAME HOST INCARNATION ROOT [death]</c>.</summary>
internal static class HostActor
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var death = Death.Await(arguments.AsSpan(6));
        await using var engine = await QueueConnector.ConnectAsync(arguments[0]);
        var log = await HostLog.StartAsync(engine, engine.OpenRun(arguments[1]), new HostLogOptions
        {
            Name = arguments[2],
            Host = arguments[3],
            Incarnation = arguments[4],
            Root = arguments[5],
        });
        Console.WriteLine("ready");
        await Orders.ReadAsync(death);
        if (!await log.StopAsync(TimeSpan.FromSeconds(60)))
        {
            Console.WriteLine($"The queue does not have all of {arguments[3]}: {log.Trouble}");
        }

        return 0;
    }
}
