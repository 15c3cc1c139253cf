using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>The listener of one measured run, in this process.</summary>
internal sealed class BenchListener(RollingFileOptions file, bool durable = false) : IDisposable
{
    private readonly LogListener listener = ListenerFactory.StartAsync(Settings(file, durable)).GetAwaiter().GetResult();

    public BenchListener(string path, bool durable = false)
        : this(new RollingFileOptions { Path = path }, durable)
    {
    }

    /// <summary>What the writers find in QUEUELOG_PIPE.</summary>
    public string Address => listener.Address;

    /// <summary>What has come to pass so far; final once it is stopped.</summary>
    public ListenerAccount Account => new(
        listener.Received,
        listener.Written,
        listener.Lost,
        [.. listener.Failures.Select(failure => $"{failure.Source}: {failure.Message}")]);

    /// <summary>Returns when the file is complete.</summary>
    public void Stop() => listener.StopAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();

    public void Dispose() => Stop();

    private static ListenerOptions Settings(RollingFileOptions file, bool durable) => new() { File = file, Durable = durable };
}
