using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>The listener of one measured run, in this process.</summary>
internal sealed class BenchListener(string path) : IDisposable
{
    private readonly LogListener listener = ListenerFactory.StartAsync(new ListenerSettings { File = new RollingFileOptions { Path = path } }).GetAwaiter().GetResult();

    /// <summary>What the writers find in QUEUELOG_PIPE.</summary>
    public string Address => listener.Address;

    /// <summary>Returns when the file is complete.</summary>
    public void Stop() => listener.StopAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();

    public void Dispose() => Stop();
}
