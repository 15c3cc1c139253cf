using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Code of a sink's user that logs to the sink's own listener, as that stops.</summary>
public sealed class StoppingCodeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Code_of_a_sink_that_logs_for_the_first_time_while_the_listener_stops_is_let_in()
    {
        using var reached = new ManualResetEventSlim();
        using var stopping = new ManualResetEventSlim();
        var code = new LoggingConsumer(reached, stopping);
        var listener = await ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new RollingFileOptions { Path = folder.Combine("run.log") },
            Template = "{Message}",
            NoHeader = true,
            Sinks = [new LogSink { Name = "code", Kind = SinkKind.Logger, OpenCode = () => new SinkCodeSession(null, code, null, null) }],
        });
        await using (var client = await RawClient.GreetAsync(listener.Address, "first"))
        {
            await client.SendAsync([.. Encoded.Batch(Encoded.Record("a", 1)), .. Encoded.Frame(FrameType.Goodbye, new byte[8])]);
            Assert.True(reached.Wait(TestTimeout.Limit));
        }

        var stop = listener.StopAsync(TestTimeout.Limit);
        await Eventually.TrueAsync(() => listener.State == ListenerState.Stopping, "the listener is stopping");
        stopping.Set();
        await stop.WaitAsync(TestTimeout.Limit * 2);
        Assert.Equal(["a", "saw a"], folder.ReadLines("run.log"));
        Assert.Equal(0, listener.Lost);
    }

    private sealed class LoggingConsumer(ManualResetEventSlim reached, ManualResetEventSlim stopping) : IRecordConsumer
    {
        public void Consume(IReadOnlyList<LogRecord> records, SinkMetrics metrics)
        {
            reached.Set();
            Assert.True(stopping.Wait(TestTimeout.Limit));
            foreach (var record in records)
            {
                new QueueLogger(null, null).Info($"saw {record.Message}");
            }

            metrics.CountWritten(records.Count);
        }
    }
}
