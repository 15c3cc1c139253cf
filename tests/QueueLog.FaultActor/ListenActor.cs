using System.Globalization;
using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.FaultActor;

/// <summary>A listener that keeps all of its files, until a line on standard input or its end: <c>listen PATH NAME SIZE NAMES COMPRESS [death]</c>.</summary>
internal static class ListenActor
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var death = Death.Await(arguments.AsSpan(5));
        var listener = await StartAsync(arguments);
        Console.WriteLine("ready");
        await Orders.ReadAsync(death);
        await StopAsync(listener);
        return 0;
    }

    public static Task<LogListener> StartAsync(ReadOnlySpan<string> arguments) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = arguments[1],
        File = new RollingFileOptions
        {
            Path = arguments[0],
            MaxFileSize = long.Parse(arguments[2], CultureInfo.InvariantCulture),
            MaxFiles = int.MaxValue,
            RollNames = Enum.Parse<RollNames>(arguments[3]),
            RollInterval = RollInterval.Minute,
            Compress = bool.Parse(arguments[4]),
        },
        Template = FaultMessage.LineTemplate,
    });

    public static async Task StopAsync(LogListener listener)
    {
        await listener.StopAsync(TimeSpan.FromSeconds(20));
        foreach (var failure in listener.Failures)
        {
            Console.WriteLine($"{failure.Source}: {failure.Message}");
        }
    }
}
