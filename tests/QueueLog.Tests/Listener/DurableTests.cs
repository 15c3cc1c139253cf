using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Listener;

/// <summary>When the disk itself is reached, and how often.</summary>
public sealed class DurableTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly GatedFileSink sink = new();

    [Fact]
    public async Task Many_that_wait_share_one_sync()
    {
        const int Others = 9;
        await using var listener = Start(sink, options => options with { Durable = true });
        await sink.WaitForAsync(steps => steps is ["sync"], TestTimeout.Limit);
        var others = await Task.WhenAll(Enumerable.Range(0, Others).Select(_ => ConnectAsync(listener)));
        Assert.True(SpinWait.SpinUntil(() => listener.Clients.Count(client => client.HasJournal) == Others, TestTimeout.Limit));
        sink.Syncing.Reset();
        await using var first = await ConnectAsync(listener);
        var waiting = WriteAndWait(first, "first");
        await sink.WaitForAsync(steps => steps.Length == 3, TestTimeout.Limit);

        var waits = others.Select(client => WriteAndWait(client, "other")).ToArray();
        Assert.True(SpinWait.SpinUntil(() => Array.TrueForAll(others, NeedsAcknowledgement), TestTimeout.Limit));
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        Assert.False(waiting.IsCompleted);
        sink.Syncing.Set();

        Assert.True(await waiting.WaitAsync(TestTimeout.Limit));
        Assert.All(await Task.WhenAll(waits).WaitAsync(TestTimeout.Limit), Assert.True);
        Assert.Equal(
            ["sync", "flush first", "sync", "flush " + string.Join(' ', Enumerable.Repeat("other", Others)), "sync"],
            sink.Steps);
        await Task.WhenAll(others.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Without_being_asked_to_the_listener_leaves_the_disk_to_the_system()
    {
        await using var listener = Start(sink);
        await using var client = await ConnectAsync(listener);
        Assert.True(await WriteAndWait(client, "a").WaitAsync(TestTimeout.Limit));
        Assert.True(await WriteAndWait(client, "b", LogLevel.Critical).WaitAsync(TestTimeout.Limit));
        Assert.Equal(["flush a", "flush b"], sink.Steps);
    }

    [Fact]
    public async Task A_record_of_the_sync_level_is_on_the_disk_before_its_room_is_given_back()
    {
        await using var listener = Start(sink, options => options with { SyncLevel = LogLevel.Error });
        await using var client = await ConnectAsync(listener);
        Assert.True(await WriteAndWait(client, "a", LogLevel.Warning).WaitAsync(TestTimeout.Limit));
        Assert.True(await WriteAndWait(client, "b", LogLevel.Error).WaitAsync(TestTimeout.Limit));
        Assert.True(await WriteAndWait(client, "c", LogLevel.Critical).WaitAsync(TestTimeout.Limit));
        Assert.Equal(["flush a", "flush b", "sync", "flush c", "sync"], sink.Steps);
    }

    [Fact]
    public async Task Who_begins_to_wait_while_records_are_written_is_answered_behind_a_sync()
    {
        await using var listener = Start(sink, options => options with { Durable = true });
        await using var client = await ConnectAsync(listener);
        Assert.True(await WriteAndWait(client, "a").WaitAsync(TestTimeout.Limit));
        sink.Flushing.Reset();
        Write(client, "b", LogLevel.Information);
        await sink.WaitForAsync(steps => steps[^1] == "flush b", TestTimeout.Limit);
        var waiting = Wait(client);
        Assert.True(SpinWait.SpinUntil(() => NeedsAcknowledgement(client), TestTimeout.Limit));
        sink.Flushing.Set();
        Assert.True(await waiting.WaitAsync(TestTimeout.Limit));
        Assert.Equal(["flush b", "sync"], sink.Steps[^2..]);
    }

    [Fact]
    public async Task A_roll_is_synced_before_and_behind()
    {
        var rolling = new GatedFileSink { RollBefore = "b" };
        await using var listener = Start(rolling, options => options with { Durable = true });
        await using var client = await ConnectAsync(listener);
        Assert.True(await WriteAndWait(client, "a").WaitAsync(TestTimeout.Limit));
        Write(client, "a2", LogLevel.Information);
        Assert.True(await WriteAndWait(client, "b").WaitAsync(TestTimeout.Limit));
        var roll = Array.IndexOf(rolling.Steps, "roll");
        Assert.Equal(["sync", "roll", "sync", "flush b", "sync"], rolling.Steps[(roll - 1)..]);
    }

    [Fact]
    public async Task A_stop_returns_although_a_file_does_not_answer_and_says_so()
    {
        var listener = Start(sink);
        await using var client = await ConnectAsync(listener);
        sink.Flushing.Reset();
        Write(client, "stuck", LogLevel.Information);
        await sink.WaitForAsync(steps => steps is ["flush stuck"], TestTimeout.Limit);
        await listener.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TestTimeout.Limit);
        Assert.Contains(listener.Failures, failure => failure.Message.Contains("does not answer", StringComparison.Ordinal));
        sink.Flushing.Set();
    }

    private static LogListener Start(GatedFileSink sink, Func<ListenerOptions, ListenerOptions>? with = null)
    {
        var failures = new FailureLog();
        var name = $"durable-{Guid.NewGuid():N}";
        var journals = OrphanedJournals.Claim("/" + name, TestListener.Locks, failures);
        var parts = new ListenerParts
        {
            Name = name,
            LogPath = "/" + name,
            Sinks = [new SinkGuard(sink, "file", LogLevel.Trace, failures)],
            Journals = journals.Folders,
        };
        var options = new ListenerOptions { MinimumLevel = LogLevel.Trace };
        return LogListener.Start(PipeAcceptor.Open(PipeName.ToAddress(name)), with?.Invoke(options) ?? options, parts, failures);
    }

    private static Task<LogClient> ConnectAsync(LogListener listener) => LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);

    private static void Write(LogClient client, string message, LogLevel level) =>
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = level, Message = message }));

    private static Task<bool> WriteAndWait(LogClient client, string message, LogLevel level = LogLevel.Information)
    {
        Write(client, message, level);
        return Wait(client);
    }

    // On a thread of its own: a wait blocks.
    private static Task<bool> Wait(LogClient client) =>
        Task.Factory.StartNew(() => client.WaitUntilAcknowledged(None), None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool NeedsAcknowledgement(LogClient client)
    {
        using var ring = RingReader.Open(client.JournalPath!);
        return ring.NeedsAcknowledgement;
    }
}
