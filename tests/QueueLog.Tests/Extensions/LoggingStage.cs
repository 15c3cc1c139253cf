using Microsoft.Extensions.Logging;
using QueueLog.Extensions.Logging;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Tests.Support;
using LogLevel = QueueLog.Records.LogLevel;

namespace QueueLog.Tests.Extensions;

/// <summary>A listener, and a program's logging that leads to it.</summary>
internal sealed class LoggingStage : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly RecordSink sink = new();
    private readonly LogListener listener;
    private readonly ILoggerFactory factory;

    public LoggingStage(Action<QueueLogLoggerOptions>? configure = null)
    {
        listener = TestListener.Start(folder.Combine("run.log"), options => options, sink);
        factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Trace).AddQueueLog(options =>
        {
            options.Listener = listener.Address;
            configure?.Invoke(options);
        }));
        Logger = factory.CreateLogger("Shop.Orders");
    }

    public ILogger Logger { get; }

    /// <summary>Changes the listener's level while both run.</summary>
    public Task ChangeLevelAsync(LogLevel level) => listener.ChangeAsync(options => options with { MinimumLevel = level }, TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

    /// <summary>Ends the program's logging and the listener.</summary>
    /// <returns>What has come there.</returns>
    public async Task<IReadOnlyList<LogRecord>> CompleteAsync()
    {
        factory.Dispose();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Empty(listener.Failures);
        return sink.Records;
    }

    /// <summary>Logs, and gives the one record that came of it.</summary>
    public static async Task<LogRecord> RecordOfAsync(Action<ILogger> log, Action<QueueLogLoggerOptions>? configure = null)
    {
        await using var stage = new LoggingStage(configure);
        log(stage.Logger);
        return Assert.Single(await stage.CompleteAsync());
    }

    public async ValueTask DisposeAsync()
    {
        factory.Dispose();
        await listener.DisposeAsync();
        folder.Dispose();
    }
}
