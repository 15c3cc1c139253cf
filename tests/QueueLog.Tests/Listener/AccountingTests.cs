using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Nothing is lost silently: what is missing, repeated or left out is counted, in the log and in the statistics.</summary>
public sealed class AccountingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Numbers_that_are_missing_are_told_and_counted()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await RawClient.GreetAsync(listener.Address, "gappy");
        await client.SendAsync(Encoded.Batch(Encoded.Record("a", 1), Encoded.Record("b", 2), Encoded.Record("e", 5)));
        Assert.True(await client.FlushAsync(1));
        await client.SendAsync([.. Encoded.Batch(Encoded.Record("f", 6)), .. Encoded.Frame(FrameType.Goodbye, new byte[8])]);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a", "b", "e", "[QueueLog] 2 records of gappy (pid 4711) are missing before its number 5", "f"], folder.ReadLines("run.log"));
        Assert.Equal((4, 4, 2), (listener.Received, listener.Written, listener.Lost));
        Assert.Equal(6, Assert.Single(listener.Clients).LastSequence);
    }

    [Fact]
    public async Task Numbers_that_come_again_are_told_and_are_no_loss()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await RawClient.GreetAsync(listener.Address, "stutterer");
        await client.SendAsync(Encoded.Batch(Encoded.Record("a", 1), Encoded.Record("b", 2), Encoded.Record("b", 2), Encoded.Record("a", 1)));
        Assert.True(await client.FlushAsync(1));
        await client.SendAsync([.. Encoded.Batch(Encoded.Record("c", 3)), .. Encoded.Frame(FrameType.Goodbye, new byte[8])]);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a", "b", "b", "a", "[QueueLog] 2 records of stutterer (pid 4711) were duplicates (sequence ≤ 2)", "c"], folder.ReadLines("run.log"));
        Assert.Equal(0, listener.Lost);
    }

    [Fact]
    public async Task A_client_without_a_journal_may_go_on_with_the_number_it_had_at_another_listener()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await RawClient.GreetAsync(listener.Address);
        await client.SendAsync([.. Encoded.Batch(Encoded.Record("a", 1000), Encoded.Record("b", 1001)), .. Encoded.Frame(FrameType.Goodbye, new byte[8])]);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a", "b"], folder.ReadLines("run.log"));
        Assert.Equal(0, listener.Lost);
    }

    [Fact]
    public async Task A_gap_in_a_ring_is_told_too()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await RawClient.GreetAsync(listener.Address, "gappy");
        using var ring = RingWriter.Create(client.Listener!.Journal!.Folder, new RingOwner(new ClientIdentity(4711, "gappy", null), 1, EndsUnasked: false), RingLayout.SmallestCapacity);
        ring.TryAppend(Encoded.Record("a"));
        ring.TryAppend(Encoded.Record("b"));
        TestRing.Poke(ring.Path, RingLayout.HeaderLength + RingLayout.Align(Encoded.Record("a").Length) + 4, BitConverter.GetBytes(11L));
        ring.Close();
        await client.SendAsync([.. Encoded.Journal(ring.Path), .. Encoded.Frame(FrameType.Goodbye, new byte[8])]);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a", "b", "[QueueLog] 9 records of gappy (pid 4711) are missing before its number 11"], folder.ReadLines("run.log"));
        Assert.Equal(9, listener.Lost);
        Assert.False(File.Exists(ring.Path));
    }

    [Fact]
    public async Task Without_room_the_newest_are_left_out_and_the_log_says_how_many()
    {
        var gate = new GateSink();
        var (listener, client) = await StartAsync(OverflowMode.DropNewest, gate);
        var kept = new List<string> { "first" };
        Assert.Equal(WriteResult.Accepted, Write(client, "first"));
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        var dropped = 0;
        for (var i = 0; i < 500; i++)
        {
            var result = Write(client, $"record {i}", LogLevel.Critical);
            if (result == WriteResult.Accepted)
            {
                kept.Add($"record {i}");
            }
            else
            {
                Assert.Equal(WriteResult.Dropped, result);
                dropped++;
            }
        }

        Assert.InRange(dropped, 1, 499);
        gate.Open();
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.Equal(WriteResult.Accepted, Write(client, "there is room again"));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

        var lines = folder.ReadLines("run.log");
        var told = Assert.Single(lines, line => line.Contains("left out", StringComparison.Ordinal));
        Assert.StartsWith($"[QueueLog] {dropped} records of ", told);
        Assert.Equal([.. kept, "there is room again"], lines.Where(line => line != told));
        Assert.Equal(dropped, listener.Lost);
        Assert.Equal(kept.Count + 1, listener.Written);
    }

    [Fact]
    public async Task What_was_left_out_is_told_even_when_nothing_more_is_written()
    {
        var gate = new GateSink();
        var (listener, client) = await StartAsync(OverflowMode.DropNewest, gate);
        Write(client, "first");
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        var dropped = Enumerable.Range(0, 300).Count(i => Write(client, $"{i}") == WriteResult.Dropped);
        var closing = client.CloseAsync(TestTimeout.Limit);
        gate.Open();
        await closing.WaitAsync(TestTimeout.Limit);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Single(folder.ReadLines("run.log"), line => line.StartsWith($"[QueueLog] {dropped} records of ", StringComparison.Ordinal));
        Assert.Equal(dropped, listener.Lost);
    }

    [Fact]
    public async Task What_is_left_out_when_everything_else_is_written_already_is_told_too()
    {
        // As when the writer finds the ring full, and counts only after the listener has emptied it.
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await RawClient.GreetAsync(listener.Address, "late");
        using var ring = RingWriter.Create(client.Listener!.Journal!.Folder, new RingOwner(new ClientIdentity(4711, "late", null), 1, EndsUnasked: false), RingLayout.SmallestCapacity);
        ring.TryAppend(Encoded.Record("a"));
        await client.SendAsync(Encoded.Journal(ring.Path));
        Assert.True(await client.FlushAsync(1));
        ring.CountDropped(5);
        ring.Close();
        await client.SendAsync(Encoded.Frame(FrameType.Goodbye, new byte[8]));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a", "[QueueLog] 5 records of late (pid 4711) were left out because the log was behind"], folder.ReadLines("run.log"));
        Assert.Equal(5, listener.Lost);
    }

    [Fact]
    public async Task Without_room_only_records_below_a_level_are_left_out_and_the_others_wait()
    {
        var gate = new GateSink();
        var (listener, client) = await StartAsync(OverflowMode.DropBelow, gate);
        Write(client, "first");
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        var dropped = Enumerable.Range(0, 300).Count(i => Write(client, $"{i}") == WriteResult.Dropped);
        Assert.InRange(dropped, 1, 299);

        // The ring may still have room for a few of these; then one waits.
        var warnings = Task.Run(() => Enumerable.Range(0, 300).Select(i => Write(client, $"warning {i}", LogLevel.Warning)).ToArray());
        await Eventually.TrueAsync(() => Write(client, "no") == WriteResult.Dropped, "the ring is full to the last byte");
        Assert.False(warnings.IsCompleted);
        gate.Open();
        Assert.All(await warnings.WaitAsync(TestTimeout.Limit), result => Assert.Equal(WriteResult.Accepted, result));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"warning {i}"), folder.ReadLines("run.log").Where(line => line.StartsWith("warning", StringComparison.Ordinal)));
        Assert.True(listener.Lost > dropped);
    }

    [Fact]
    public async Task A_writer_that_waits_for_room_can_be_cancelled_and_its_record_was_not_taken()
    {
        var gate = new GateSink();
        var (listener, client) = await StartAsync(OverflowMode.Block, gate);
        Write(client, "first");
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        using var cancel = new CancellationTokenSource();
        var taken = 0;
        var waiting = Task.Run(() =>
        {
            while (true)
            {
                client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"{taken}" }, cancel.Token);
                taken++;
            }
        });
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.WaitAsync(TestTimeout.Limit));
        gate.Open();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["first", .. Enumerable.Range(0, taken).Select(i => $"{i}")], folder.ReadLines("run.log"));
        Assert.Equal(0, listener.Lost);
    }

    [Fact]
    public async Task Writers_that_wait_go_on_when_there_is_room()
    {
        var gate = new GateSink();
        var (listener, client) = await StartAsync(OverflowMode.Block, gate);
        Write(client, "first");
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                Assert.Equal(WriteResult.Accepted, Write(client, $"{w}:{i}"));
            }
        })).ToArray();
        gate.Open();
        await Task.WhenAll(writers).WaitAsync(TestTimeout.Limit);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines("run.log");
        Assert.Equal(2001, lines.Length);
        for (var w = 0; w < 4; w++)
        {
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{w}:{i}"), lines.Where(line => line.StartsWith($"{w}:", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    [InlineData(5000)]
    public async Task A_client_whose_ring_cannot_be_made_sends_frames_and_the_listener_says_so(int capacity)
    {
        var listener = TestListener.Start(folder.Combine("run.log"), options => options with { RingCapacity = capacity });
        var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(WriteResult.Accepted, Write(client, $"{i}"));
        }

        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        Assert.False(Assert.Single(listener.Clients).HasJournal);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), folder.ReadLines("run.log"));
        var failure = Assert.Single(listener.Failures);
        Assert.Contains("It has no journal", failure.Message);
        Assert.Equal(FailureSeverity.Temporary, failure.Severity);
    }

    private static WriteResult Write(LogClient client, string message, LogLevel level = LogLevel.Information) =>
        client.Write(new RecordDraft { Level = level, Message = message });

    private async Task<(LogListener Listener, LogClient Client)> StartAsync(OverflowMode overflow, GateSink gate)
    {
        var listener = TestListener.Start(folder.Combine("run.log"), options => options with { RingCapacity = RingLayout.SmallestCapacity, Overflow = overflow, OverflowLevel = LogLevel.Warning }, gate);
        return (listener, await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None));
    }
}
