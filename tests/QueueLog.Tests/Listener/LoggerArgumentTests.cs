using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>One to three arguments are taken as they are; they read as any number of them does.</summary>
public sealed class LoggerArgumentTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Arguments_read_the_same_whether_they_come_one_by_one_or_as_an_array()
    {
        object?[][] all =
        [
            [1], [long.MaxValue], [int.MinValue, -1L], ["text", 7], [null, 3, null], [1.5, true, DayOfWeek.Monday], [new DateTime(2026, 1, 2), TimeSpan.FromMinutes(3), 'c'],
        ];
        await using (var listener = await StartAsync())
        {
            var logger = new QueueLogger(null, listener.Address);
            foreach (var arguments in all)
            {
                logger.Info("{A:000} {B,6} {C}", arguments);
            }

            logger.Info("{A:000} {B,6} {C}", 1);
            logger.Info("{A:000} {B,6} {C}", long.MaxValue);
            logger.Info("{A:000} {B,6} {C}", int.MinValue, -1L);
            logger.Info("{A:000} {B,6} {C}", "text", 7);
            logger.Info<string?, int, object?>("{A:000} {B,6} {C}", null, 3, null);
            logger.Info("{A:000} {B,6} {C}", 1.5, true, DayOfWeek.Monday);
            logger.Info("{A:000} {B,6} {C}", new DateTime(2026, 1, 2), TimeSpan.FromMinutes(3), 'c');
        }

        var lines = folder.ReadLines("run.log");
        Assert.Equal(lines[..all.Length], lines[all.Length..]);
        Assert.Equal("001 {B,6} {C}|{A=1}", lines[0]);
    }

    [Fact]
    public async Task A_single_array_is_the_arguments()
    {
        await using (var listener = await StartAsync())
        {
            var logger = new QueueLogger(null, listener.Address);
            logger.Info("{A} {B}", new[] { "x", "y" });
            logger.Info("{A} {B}", new object[] { 1, 2 });
            logger.Info("{A} {B}", new List<int> { 1, 2 });
        }

        Assert.Equal(["x y|{A=x, B=y}", "1 2|{A=1, B=2}", "[1, 2] {B}|{A=[1, 2]}"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Every_level_has_them()
    {
        await using (var listener = await StartAsync())
        {
            var logger = new QueueLogger(null, listener.Address);
            Action<string, int>[] one = [logger.Trace, logger.Debug, logger.Info, logger.Warning, logger.Error, logger.Critical];
            Action<string, int, int>[] two = [logger.Trace, logger.Debug, logger.Info, logger.Warning, logger.Error, logger.Critical];
            Action<string, int, int, int>[] three = [logger.Trace, logger.Debug, logger.Info, logger.Warning, logger.Error, logger.Critical];
            for (var i = 0; i < one.Length; i++)
            {
                one[i]("{Level}", i);
                two[i]("{A} {B}", i, 2);
                three[i]("{A} {B} {C}", i, 2, 3);
            }
        }

        Assert.Equal(
            Enumerable.Range(0, 6).SelectMany(i => new[] { $"{i}|{{Level={i}}}", $"{i} 2|{{A={i}, B=2}}", $"{i} 2 3|{{A={i}, B=2, C=3}}" }),
            folder.ReadLines("run.log"));
        Assert.Equal(6, Enum.GetValues<LogLevel>().Length);
    }

    [Fact]
    public async Task A_loop_that_logs_numbers_allocates_nothing()
    {
        await using var listener = await StartAsync();
        var logger = new QueueLogger(null, listener.Address);

        // Long enough to be compiled for good; then what compiles has no part in it.
        for (var round = 0; round < 100; round++)
        {
            if (Allocated(logger) == 0)
            {
                return;
            }
        }

        Assert.Equal(0, Allocated(logger));
    }

    private static long Allocated(QueueLogger logger)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            logger.Info("record {Number} of {Total}", i, 1000L);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private Task<LogListener> StartAsync() => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        Format = LogFormat.Text,
        Template = "{Message}|{Properties}",
        NoHeader = true,
        MinimumLevel = LogLevel.Trace,
    });
}
