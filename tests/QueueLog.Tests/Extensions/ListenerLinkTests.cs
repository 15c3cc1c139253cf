using Microsoft.Extensions.Logging;
using QueueLog.Extensions.Logging;
using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using Level = QueueLog.Records.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace QueueLog.Tests.Extensions;

public sealed class ListenerLinkTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string name = TestListener.NewName();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_listener_is_found_by_name_and_by_address()
    {
        var listener = await StartAsync();
        Log(name, "by name");
        Log(listener.Address, "by address");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["by name", "by address"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Dispose_waits_until_the_records_are_in_the_file()
    {
        await using var listener = await StartAsync();
        Log(name, Enumerable.Range(0, 1000).Select(i => $"{i}").ToArray());
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_listener_that_comes_later_is_found_and_learns_what_it_missed()
    {
        using var provider = Provider(WithoutListener.Ignore);
        var logger = provider.CreateLogger("Shop");
        logger.LogInformation("early 1");
        logger.LogInformation("early 2");
        var listener = await StartAsync();
        await LogUntilWrittenAsync(logger, "here");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines("run.log");
        Assert.Matches(@"^\[QueueLog\] \d+ records of .* \(pid \d+\) are not in the log: no listener took them in time$", lines[0]);
        Assert.Equal("here", lines[1]);
        Assert.DoesNotContain(lines, line => line.StartsWith("early", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listener_that_was_started_again_is_found_with_its_new_level()
    {
        using var provider = Provider(WithoutListener.Ignore);
        var logger = provider.CreateLogger("Shop");
        var first = await StartAsync(Level.Warning);
        logger.LogWarning("first");
        Assert.False(logger.IsEnabled(LogLevel.Information));
        await first.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var second = await StartAsync(Level.Debug);
        await LogUntilWrittenAsync(logger, "second");
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.False(logger.IsEnabled(LogLevel.Trace));
        await second.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["first", "second"], folder.ReadLines("run.log")[..2]);
    }

    [Fact]
    public void Without_a_listener_nothing_throws_and_every_level_is_worth_a_call()
    {
        using var provider = Provider(WithoutListener.Ignore);
        var logger = provider.CreateLogger("Shop");
        Assert.True(logger.IsEnabled(LogLevel.Trace));
        Assert.False(logger.IsEnabled(LogLevel.None));
        logger.LogCritical("lost");
    }

    [Fact]
    public void A_program_that_must_not_run_without_a_listener_is_told_where_none_answers()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Provider(WithoutListener.Fail));
        Assert.Contains($"no listener answers at '{PipeName.ToAddress(name)}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Start-LogListener", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_listener_can_have_is_refused() =>
        Assert.Throws<PipeNameException>(() => new QueueLogLoggerProvider(new QueueLogLoggerOptions { Listener = "no:name" }));

    private static void Log(string listener, params string[] messages)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddQueueLog(options => options.Listener = listener));
        var logger = factory.CreateLogger("Shop");
        Array.ForEach(messages, message => logger.LogInformation("{Message}", message));
    }

    private Task LogUntilWrittenAsync(ILogger logger, string message) => Eventually.TrueAsync(
        () =>
        {
            logger.LogWarning("{Message}", message);
            return folder.Read("run.log").Contains(message, StringComparison.Ordinal);
        },
        $"'{message}' is in the log");

    private QueueLogLoggerProvider Provider(WithoutListener without) => new(new QueueLogLoggerOptions { Listener = name, WithoutListener = without });

    private Task<LogListener> StartAsync(Level minimumLevel = Level.Trace) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = name,
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        Template = "{Message}",
        NoHeader = true,
        MinimumLevel = minimumLevel,
    });
}
