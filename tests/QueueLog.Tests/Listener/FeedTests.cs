using System.Text;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Reading;
using QueueLog.Reading.Checks;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Records of other machines come into the log once, in order, and as they were.</summary>
public sealed class FeedTests : IDisposable
{
    private const string Key = "web2/spool1";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_comes_again_is_dropped_and_what_is_new_of_it_is_written()
    {
        await using var listener = await StartAsync();
        var records = Enumerable.Range(1, 5).Select(number => Of($"record {number}", number)).ToArray();
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            Assert.Equal(0, await feed.Connection.AskAsync(Key, None).WaitAsync(TestTimeout.Limit));
            var start = new SpoolPosition(1, 0);
            var second = await feed.SendAsync(default, start, records[..2]);
            await feed.SendAsync(default, start, records[..2]);
            await feed.SendAsync(default, start, records[..3]);
            await feed.SendAsync(second, second, records[2..]);
            await feed.CommittedAsync(start.Value + records.Sum(record => record.Length));
        }

        await StopAsync(listener);
        Assert.Equal(records.Select((_, index) => $"Worker-1@web2 {index + 1} record {index + 1}"), folder.ReadLines("run.log"));
        Assert.Equal((5, 5, 0), (listener.Received, listener.Written, listener.Lost));
    }

    [Fact]
    public async Task The_next_listener_of_the_log_knows_how_far_it_is()
    {
        var records = Enumerable.Range(1, 4).Select(number => Of($"record {number}", number)).ToArray();
        long end;
        await using (var first = await StartAsync())
        {
            await using var feed = await Feed.ConnectAsync(first.Address);
            end = (await feed.SendAsync(default, new SpoolPosition(1, 0), records[..2])).Value;
            await feed.CommittedAsync(end);
            await StopAsync(first);
        }

        await using var next = await StartAsync();
        await using (var feed = await Feed.ConnectAsync(next.Address))
        {
            Assert.Equal(end, await feed.Connection.AskAsync(Key, None).WaitAsync(TestTimeout.Limit));
            Assert.Equal(0, await feed.Connection.AskAsync("web2/spool2", None).WaitAsync(TestTimeout.Limit));
            await feed.CommittedAsync((await feed.SendAsync(default, new SpoolPosition(1, 0), records)).Value);
        }

        await StopAsync(next);
        Assert.Equal(records.Select((_, index) => $"Worker-1@web2 {index + 1} record {index + 1}"), folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Over_rolls_and_segments_each_comes_once()
    {
        await using var listener = await StartAsync(maxFileSize: 200);
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            SpoolPosition previous = default;
            for (var segment = 1; segment <= 3; segment++)
            {
                var records = Enumerable.Range(1, 20).Select(number => Of($"record {segment}.{number}", (segment - 1) * 20 + number)).ToArray();
                previous = await feed.SendAsync(previous, new SpoolPosition(segment, 0), records);
            }

            await feed.CommittedAsync(previous.Value);
        }

        await StopAsync(listener);
        var lines = new LogReader(new LogQuery { Template = Template }).Read(Log).Select(entry => entry.Message);
        Assert.Equal(from segment in Enumerable.Range(1, 3) from number in Enumerable.Range(1, 20) select $"record {segment}.{number}", lines);
    }

    [Fact]
    public async Task What_the_queue_has_lost_is_told()
    {
        await using var listener = await StartAsync();
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            await feed.SendAsync(default, new SpoolPosition(1, 0), Of("one", 1));
            var end = await feed.SendAsync(new SpoolPosition(1, 1000), new SpoolPosition(1, 1000), Of("three", 3));
            await feed.CommittedAsync(end.Value);
        }

        await StopAsync(listener);
        Assert.Contains(folder.ReadLines("run.log"), line => line.EndsWith("Records of host web2 are missing: the queue has lost what was before position 4294968296 of its spool", StringComparison.Ordinal));
        Assert.EndsWith("three", folder.ReadLines("run.log")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_record_is_told_and_stops_nothing()
    {
        await using var listener = await StartAsync();
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            var behind = await feed.SendAsync(default, new SpoolPosition(1, 0), [.. Of("one", 1), 9, 9, 9, 9, 9]);
            await feed.CommittedAsync((await feed.SendAsync(behind, behind, Of("two", 2))).Value);
        }

        await StopAsync(listener);
        var lines = folder.ReadLines("run.log");
        Assert.EndsWith(" one", lines[0], StringComparison.Ordinal);
        Assert.Contains("Records of host web2 cannot be read: ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" two", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFFFFFFFFFFFFFFF0000000000000000")]
    [InlineData("05000000000000000400000000000000")]
    public async Task A_feed_that_makes_no_sense_is_cut_off(string hex)
    {
        await using var listener = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        await rogue.SendAsync(Encoded.Frame(FrameType.Feed, [1, (byte)'k', .. Convert.FromHexString(hex)]));
        await rogue.WaitUntilCutOffAsync().WaitAsync(TestTimeout.Limit);
        Assert.Contains(listener.Failures, failure => failure.Message.StartsWith("Cut off: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_machine_s_listener_speaks_in_the_log_and_the_log_is_complete_over_hosts()
    {
        await using var listener = await ListenerFactory.StartAsync(Options() with { Format = LogFormat.Json, File = new RollingFileOptions { Path = folder.Combine("all.log") } });
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            // The second record of its client was left out there, and the client was killed.
            await feed.CommittedAsync((await feed.SendAsync(
                default,
                new SpoolPosition(1, 0),
                Of("one", 1),
                Of("three", 3),
                Of("1 records of Worker-1@web2 (pid 4711) are missing before its number 3", 1, ListenerEntry.Category, "host@web2"))).Value);
            await feed.CommittedAsync((await feed.SendAsync("web3/spool9", default, new SpoolPosition(1, 0), Of("one", 1, process: "Worker-1@web3"))).Value, "web3/spool9");
        }

        await StopAsync(listener);
        var results = new QueueLog.Reading.Checks.LogCheck(folder.Combine("all.log"), new LogQuery()).Run().ToDictionary(result => result.Name!, result => (result.Subject, result.Status));
        Assert.Equal((CheckSubject.Process, CheckStatus.Explained), results["Worker-1@web2"]);
        Assert.Equal((CheckSubject.Process, CheckStatus.Complete), results["Worker-1@web3"]);
        Assert.Equal((CheckSubject.Listener, CheckStatus.Complete), results["host@web2"]);
    }

    [Fact]
    public async Task A_machine_whose_log_did_not_come_to_its_end_makes_the_log_incomplete()
    {
        await using var listener = await ListenerFactory.StartAsync(Options() with { Format = LogFormat.Json, File = new RollingFileOptions { Path = Log } });
        await using (var feed = await Feed.ConnectAsync(listener.Address))
        {
            await feed.Connection.SendMissingAsync("web7", new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero), None);
            await feed.Connection.AskAsync(Key, None).WaitAsync(TestTimeout.Limit);
        }

        await StopAsync(listener);
        var result = Assert.Single(new QueueLog.Reading.Checks.LogCheck(Log, new LogQuery()).Run(), result => result.Name == "web7");
        Assert.Equal(CheckStatus.Incomplete, result.Status);
        Assert.Contains("missing since", result.Note);
    }

    [Fact]
    public async Task Old_positions_go_and_a_journal_with_young_ones_stays()
    {
        await using (var listener = await StartAsync())
        {
            await using var feed = await Feed.ConnectAsync(listener.Address);
            await feed.CommittedAsync((await feed.SendAsync(default, new SpoolPosition(1, 0), Of("one", 1))).Value);
            await StopAsync(listener);
        }

        // The one is removed with the journal that it stands in, which holds nothing else.
        using (var journal = JournalFolder.Claim(RealPath.Of(Log))[0])
        {
            var position = Assert.Single(FeedPosition.ReadAll(journal.Path));
            Assert.Equal(Key, position.Key);
            File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(journal.Path, "*" + FeedPosition.Extension)), DateTime.UtcNow - TimeSpan.FromDays(8));
            Assert.Equal(0, FeedPositions.Load([journal]).Find(Key)!.Committed);
            Assert.Empty(FeedPosition.ReadAll(journal.Path));
        }
    }

    private const string Template = "{Process} {Sequence} {Message}";

    private ListenerOptions Options(long? maxFileSize = null) => new()
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = Log, MaxFileSize = maxFileSize, MaxFiles = 1000 },
        Template = Template,
        NoHeader = maxFileSize is null,
        MinimumLevel = LogLevel.Trace,
    };

    private Task<LogListener> StartAsync(long? maxFileSize = null) => ListenerFactory.StartAsync(Options(maxFileSize));

    private static Task StopAsync(LogListener listener) => listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

    private static byte[] Of(string message, long sequence, string category = "", string process = "Worker-1@web2")
    {
        var output = new ByteWriter();
        var view = new SampleRecord { Message = message, Sequence = sequence, Category = category, Process = process }.View;
        RecordCopy.Append(output, in view);
        return output.Detach();
    }

    /// <summary>What hands records over, and hears of them.</summary>
    private sealed class Feed : IAsyncDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> committed = new();

        public FeedConnection Connection { get; private set; } = null!;

        public static async Task<Feed> ConnectAsync(string address)
        {
            var feed = new Feed();
            feed.Connection = await FeedConnection.ConnectAsync(address, TestTimeout.Limit, (key, position) => feed.committed[key] = position, static _ => { }, None);
            return feed;
        }

        /// <returns>Where they end.</returns>
        public Task<SpoolPosition> SendAsync(SpoolPosition previous, SpoolPosition start, params byte[][] records) => SendAsync(Key, previous, start, records);

        public async Task<SpoolPosition> SendAsync(string key, SpoolPosition previous, SpoolPosition start, params byte[][] records)
        {
            byte[] all = [.. records.SelectMany(record => record)];
            await Connection.SendAsync(key, previous.Value, start.Value, all, None).AsTask().WaitAsync(TestTimeout.Limit);
            return new SpoolPosition(start.Value + all.Length);
        }

        public Task CommittedAsync(long position, string key = Key) => Eventually.TrueAsync(() => committed.GetValueOrDefault(key) >= position, $"{key} is in the log up to {position}");

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
