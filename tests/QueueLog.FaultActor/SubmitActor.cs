using QueueLog.Diagnostics;
using QueueLog.Queue.Logs;

namespace QueueLog.FaultActor;

/// <summary>A listener to which the hosts' records of a run come: <c>submit LINK RUN PATH NAME SIZE NAMES COMPRESS [death]</c>.</summary>
// On standard input: "arm", and "end (HOST/INCARNATION)*", upon which it waits for the logs of these hosts.
internal static class SubmitActor
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var death = Death.Await(arguments.AsSpan(7));
        await using var engine = await QueueConnector.ConnectAsync(arguments[0]);
        var listener = await ListenActor.StartAsync(arguments.AsSpan(2, 5));
        var feed = LogFeed.Start(engine.OpenRun(arguments[1]), () => listener.Address, new FailureLog());
        Console.WriteLine("ready");
        var line = await Orders.ReadAsync(death) ?? "end";
        var hosts = line.Split(' ')[1..].Select(host => host.Split('/')).Select(parts => (parts[0], parts[1])).ToArray();
        foreach (var missing in await feed.EndAsync(hosts, TimeSpan.FromSeconds(60)))
        {
            Console.WriteLine($"The log of {missing.Host} is missing.");
        }

        await ListenActor.StopAsync(listener);
        return 0;
    }
}
