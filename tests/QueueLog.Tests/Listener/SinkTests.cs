using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>Sinks that stand still or fail beside a log that goes on.</summary>
public sealed class SinkTests : IDisposable
{
    private const int Count = 3000;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly GatedTarget target = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sink_that_hangs_delays_neither_log_nor_other_sinks_and_the_log_says_what_it_missed()
    {
        target.Open.Reset();
        var other = new GatedTarget();
        var listener = Start(Sink("hung", target, capacity: 64 * 1024), Sink("other", other));
        await using var client = await ConnectAsync(listener);
        WriteAll(client, Count);
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.Equal(Count, folder.ReadLines("run.log").Length);
        await Eventually.TrueAsync(() => other.Messages.Length == Count, "the other sink has it all");
        var hung = State(listener, "hung");
        Assert.True(hung.IsBehind);
        Assert.Equal(Count, hung.Taken);
        Assert.True(hung.LeftOut > 0);
        Assert.Contains(listener.Failures, failure => failure.Source == "hung");

        target.Open.Set();
        await Eventually.TrueAsync(() => !State(listener, "hung").IsBehind && folder.ReadLines("run.log").Length > Count, "it has caught up, and the log says so");
        await client.DisposeAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal($"[QueueLog] {hung.LeftOut} records were left out of sink hung, which was behind and has caught up", folder.ReadLines("run.log")[^1]);
        hung = State(listener, "hung");
        Assert.Equal(hung.Taken, hung.Written + hung.LeftOut);
        Assert.Equal(Count + 1, State(listener, "other").Written);

        // The sink is told itself, since it takes records again.
        Assert.Equal(folder.ReadLines("run.log")[^1], "[QueueLog] " + target.Messages[^1]);
    }

    [Fact]
    public async Task A_stop_with_a_sink_that_hangs_ends_and_the_log_says_what_is_left()
    {
        target.Open.Reset();
        var listener = Start(Sink("hung", target));
        var client = await ConnectAsync(listener);
        WriteAll(client, 10);
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        await client.DisposeAsync();
        await target.Reached.WaitAsync(TestTimeout.Limit);

        await listener.StopAsync(TimeSpan.FromMilliseconds(300)).WaitAsync(TestTimeout.Limit);
        Assert.Equal("[QueueLog] 10 records were left out of sink hung, which did not take them before the listener ended", folder.ReadLines("run.log")[^1]);
        Assert.Equal(11, folder.ReadLines("run.log").Length);
        Assert.Equal((10, 0, 10), (State(listener, "hung").Taken, State(listener, "hung").Written, State(listener, "hung").LeftOut));
        Assert.Contains(listener.Failures, failure => failure.Severity == FailureSeverity.Final && failure.Source == "hung");
        target.Open.Set();
    }

    [Fact]
    public async Task A_failure_is_told_in_the_log_and_to_every_sink_but_the_one_that_failed()
    {
        target.Fails = message => message == "2" || message.Contains("Could not", StringComparison.Ordinal) ? new InvalidOperationException("no " + message) : null;
        var other = new GatedTarget();
        var listener = Start(Sink("failing", target), Sink("other", other));
        await using var client = await ConnectAsync(listener);
        WriteAll(client, 4);
        await Eventually.TrueAsync(() => other.Messages.Length == 5, "the failure is told");
        await client.DisposeAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["0", "1", "3"], target.Messages);
        Assert.Equal(["0", "1", "2", "3", "Sink failing: Could not write to 'failing': no 2"], other.Messages);
        Assert.Equal([.. other.Messages[..4], "[QueueLog] " + other.Messages[4]], folder.ReadLines("run.log"));
        Assert.Equal((4, 3, 1, 1), (State(listener, "failing").Taken, State(listener, "failing").Written, State(listener, "failing").LeftOut, State(listener, "failing").Failures));
    }

    [Fact]
    public async Task A_stop_waits_for_what_sinks_still_have()
    {
        target.Open.Reset();
        var listener = Start(Sink("slow", target));
        var client = await ConnectAsync(listener);
        WriteAll(client, Count);
        await client.DisposeAsync();
        await target.Reached.WaitAsync(TestTimeout.Limit);
        var stopping = listener.StopAsync(TestTimeout.Limit);
        target.Open.Set();
        await stopping.WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), target.Messages);
        Assert.Equal(Count, State(listener, "slow").Written);
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task The_log_itself_is_listed_first_with_its_counts()
    {
        var listener = await ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new() { Path = folder.Combine("run.log") },
            MinimumLevel = LogLevel.Warning,
            Sinks = [new LogSink { Name = "all", Kind = SinkKind.File, File = new() { Path = folder.Combine("all.log") }, MinimumLevel = LogLevel.Debug, Template = "{Message}" }],
        });
        await using var client = await ConnectAsync(listener);
        Assert.Equal(LogLevel.Debug, client.MinimumLevel);
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            client.Write(new RecordDraft { Level = level, Message = $"{level}" });
        }

        await client.DisposeAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal([SinkKind.File, SinkKind.File], listener.Sinks.Select(sink => sink.Kind));
        Assert.Equal([folder.Combine("run.log"), "all"], listener.Sinks.Select(sink => sink.Name));
        Assert.Equal([(3L, 3L, 0L), (5L, 5L, 0L)], listener.Sinks.Select(sink => (sink.Taken, sink.Written, sink.LeftOut)));
        Assert.Equal(["Debug", "Information", "Warning", "Error", "Critical"], folder.ReadLines("all.log").Where(line => line[0] != '#'));
    }

    private static SinkStatistics State(LogListener listener, string name) => listener.Sinks.Single(sink => sink.Name == name);

    private static Task<LogClient> ConnectAsync(LogListener listener) => LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);

    private static void WriteAll(LogClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"{i}" }));
        }
    }

    private static (string Name, GatedTarget Target, int Capacity) Sink(string name, GatedTarget of, int capacity = LogSink.DefaultQueueSize) => (name, of, capacity);

    private LogListener Start(params (string Name, GatedTarget Target, int Capacity)[] sinks) =>
        TestListener.Start(folder.Combine("run.log"), options => options, (parts, failures) => parts with
        {
            Sinks =
            [
                .. parts.Sinks,
                .. sinks.Select(sink => new SinkGuard(sink.Target.Behind(sink.Name, sink.Capacity, failures), sink.Name, LogLevel.Trace, failures, keepsRecords: false)),
            ],
        });
}
