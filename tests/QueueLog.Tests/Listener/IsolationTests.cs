using System.Text;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>One client or sink misbehaves; the log of the healthy one beside it is complete and in order.</summary>
public sealed class IsolationTests : IDisposable
{
    private static readonly string[] Log = ["run.log"];

    private readonly TempFolder folder = new();

    public static TheoryData<string, byte[]> Nonsense
    {
        get
        {
            var noise = new byte[4096];
            new Random(1).NextBytes(noise);
            return new()
            {
                { "another protocol", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
                { "noise", noise },
                { "zeros", new byte[100] },
                { "the longest length there is", [0xFF, 0xFF, 0xFF, 0xFF, (byte)FrameType.Records] },
                { "a length one over the limit", [.. BitConverter.GetBytes(ProtocolLimits.MaxFrameLength + 1), (byte)FrameType.Records] },
            };
        }
    }

    public static TheoryData<string, byte[]> NonsenseFrames => new()
    {
        { "a second greeting", Encoded.Hello() },
        { "a frame only listeners send", Encoded.Frame(FrameType.Flushed, new byte[9]) },
        { "a frame of no known type", Encoded.Frame((FrameType)200) },
        { "a flush without a number", Encoded.Frame(FrameType.Flush) },
        { "a flush numbered 0", Encoded.Frame(FrameType.Flush, new byte[8]) },
        { "a journal that is cut", Encoded.Frame(FrameType.Journal, 100, 1, 2) },
        { "a record longer than its batch", Encoded.Frame(FrameType.Records, 200, 0, 0, 0, 1, 2, 3) },
        { "a record of an impossible level", Encoded.Batch(Encoded.Record("x", level: (LogLevel)9)) },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_instead_of_a_greeting(string what, byte[] bytes)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.ConnectAsync(listener.Address);
        await rogue.SendAsync(bytes);
        await rogue.WaitUntilCutOffAsync();
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, what);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    [MemberData(nameof(NonsenseFrames))]
    public async Task Nonsense_behind_a_greeting(string what, byte[] bytes)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        await rogue.SendAsync(bytes);
        await rogue.WaitUntilCutOffAsync();
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, what);
        Assert.Contains("rogue (pid 4711)", listener.Failures[0].Source);
    }

    [Fact]
    public async Task What_came_before_the_nonsense_is_written()
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        await rogue.SendAsync([.. Encoded.Batch(Encoded.Record("good", 1), Encoded.Record("bad", 2, (LogLevel)77)), 0, 0, 0, 0, 0]);
        await rogue.WaitUntilCutOffAsync();
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal("good", others[0]);
        Assert.Contains("rogue (pid 4711) ended without a goodbye; its last record was number 1", others[1]);
        Assert.Equal(2, others.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_frame_then_silence_then_the_end(bool greets)
    {
        var (listener, healthy) = await StartAsync();
        await using (var rogue = greets ? await RawClient.GreetAsync(listener.Address) : await RawClient.ConnectAsync(listener.Address))
        {
            await rogue.SendAsync(100, 0, 0, 0, (byte)(greets ? FrameType.Records : FrameType.Hello), 1, 2, 3);
            await healthy.WriteAsync();
            Assert.Empty(listener.Failures);
        }

        await Eventually.TrueAsync(() => listener.Failures.Count > 0, "the torn frame is reported");
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, "half a frame");
    }

    [Fact]
    public async Task A_client_that_connects_and_never_speaks_is_cut_off_in_time()
    {
        var (listener, healthy) = await StartAsync(options => options with { GreetingTimeout = TimeSpan.FromMilliseconds(200) });
        await using var rogue = await RawClient.ConnectAsync(listener.Address);
        await rogue.WaitUntilCutOffAsync();
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, "silence");
    }

    [Fact]
    public async Task A_greeting_that_comes_byte_by_byte_gets_no_more_time_than_another()
    {
        var (listener, healthy) = await StartAsync(options => options with { GreetingTimeout = TimeSpan.FromMilliseconds(300) });
        await using var rogue = await RawClient.ConnectAsync(listener.Address);
        var cutOff = rogue.WaitUntilCutOffAsync();
        var isCutOff = false;

        // Each byte well within the time, all of them far beyond it; never whole.
        foreach (var part in Encoded.Hello(new string('n', 2000))[..^1])
        {
            if (cutOff.IsCompleted || !await rogue.SendAsync(part))
            {
                isCutOff = true;
                break;
            }

            await Task.WhenAny(cutOff, Task.Delay(20));
        }

        Assert.True(isCutOff);
        await cutOff;
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, "a trickled greeting");
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_disturbs_no_one_and_arrives()
    {
        var (listener, healthy) = await StartAsync();
        await using var slow = await RawClient.GreetAsync(listener.Address);
        foreach (var part in Encoded.Batch(Encoded.Record("slow but whole", 1)))
        {
            await slow.SendAsync(part);
            await healthy.WriteAsync(3);
        }

        Assert.True(await slow.FlushAsync(1));
        await slow.SendAsync(Encoded.Frame(FrameType.Goodbye, new byte[8]));
        Assert.Equal(["slow but whole"], await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_ring_that_lies_elsewhere_is_not_touched()
    {
        using var foreign = new TestRing();
        foreign.TryAppend("not this listener's");
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        await rogue.SendAsync(Encoded.Journal(foreign.Writer.Path));
        Assert.Contains("none of this listener's", await rogue.HearOfJournalAsync());
        await AssertGoesOnOverThePipeAsync(listener, healthy, rogue);
        Assert.True(File.Exists(foreign.Writer.Path));
        Assert.False(foreign.Writer.IsDrained);
    }

    [Theory]
    [InlineData("{0}/missing.ring")]
    [InlineData("{0}/\0.ring")]
    [InlineData("{0}/checkpoint")]
    [InlineData("{0}/../x.ring")]
    [InlineData("relative.ring")]
    [InlineData("\uFFFD")]
    public async Task A_path_that_names_no_ring(string path)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        await rogue.SendAsync(Encoded.Journal(path.Replace("{0}", rogue.Listener!.Journal!.Folder, StringComparison.Ordinal)));
        Assert.NotNull(await rogue.HearOfJournalAsync());
        await AssertGoesOnOverThePipeAsync(listener, healthy, rogue);
    }

    [Theory]
    [InlineData(RingLayout.TailAt, -8)]
    [InlineData(RingLayout.TailAt, long.MaxValue)]
    [InlineData(RingLayout.HeadAt, 8)]
    [InlineData(RingLayout.CapacityAt, 1 << 30)]
    public async Task A_ring_that_is_nonsense_when_it_is_announced(int offset, long value)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        using var ring = RingIn(rogue);
        TestRing.Poke(ring.Path, offset, BitConverter.GetBytes(value));
        await rogue.SendAsync(Encoded.Journal(ring.Path));

        // It lies where it should; that it is nonsense is seen later.
        Assert.Null(await rogue.HearOfJournalAsync());
        Assert.NotNull(await rogue.HearOfJournalAsync());
        await AssertGoesOnOverThePipeAsync(listener, healthy, rogue);
        RingFiles.Delete(ring.Path);
    }

    [Fact]
    public async Task A_ring_that_can_be_taken_is_said_to_be()
    {
        var (listener, healthy) = await StartAsync();
        await using var client = await RawClient.GreetAsync(listener.Address);
        using var ring = RingIn(client);
        await client.SendAsync(Encoded.Journal(ring.Path));
        Assert.Null(await client.HearOfJournalAsync());
        ring.Close();
        await client.SendAsync(Encoded.Frame(FrameType.Goodbye, new byte[8]));
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Empty(listener.Failures);
    }

    [Theory]
    [InlineData(RingLayout.TailAt, -8)]
    [InlineData(RingLayout.TailAt, long.MaxValue - 7)]
    [InlineData(RingLayout.HeadAt, long.MaxValue)]
    [InlineData(RingLayout.HeadAt, -800)]
    public async Task A_ring_that_becomes_nonsense_is_written_up_to_there(int offset, long value)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        using var ring = RingIn(rogue);
        Assert.True(ring.TryAppend(Encoded.Record("good")));
        await rogue.SendAsync(Encoded.Journal(ring.Path));
        Assert.True(await rogue.FlushAsync(1));

        TestRing.Poke(ring.Path, offset, BitConverter.GetBytes(value));
        await rogue.SendAsync(Encoded.Frame(FrameType.Doorbell));
        await rogue.WaitUntilCutOffAsync();
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal("good", others[0]);
        Assert.Contains("cannot be read beyond its number 1", others[1]);
        Assert.Equal(2, others.Length);
        AssertCutOffOnce(listener, "a ring gone mad");
        Assert.False(File.Exists(ring.Path));
    }

    [Fact]
    public async Task A_flush_behind_a_ring_that_becomes_nonsense_does_not_say_that_all_is_written()
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        using var ring = RingIn(rogue);
        Assert.True(ring.TryAppend(Encoded.Record("never read")));
        TestRing.Poke(ring.Path, RingLayout.HeaderLength, BitConverter.GetBytes(int.MaxValue));
        var flush = Encoded.Frame(FrameType.Flush, BitConverter.GetBytes(1L));
        await rogue.SendAsync([.. Encoded.Journal(ring.Path), .. flush]);
        Assert.False(await AnswerAsync(rogue));
        await healthy.StopAndCheckAsync(listener, Log, folder);

        static async Task<bool> AnswerAsync(RawClient rogue)
        {
            try
            {
                return await rogue.FlushAsync(1);
            }
            catch (Exception e) when (e is EndOfStreamException or IOException or ProtocolException)
            {
                // Cut off before the answer: that says the same.
                return false;
            }
        }
    }

    [Fact]
    public async Task The_late_end_of_an_old_connection_leaves_the_new_one_of_the_same_client_alone()
    {
        var (listener, healthy) = await StartAsync();
        var old = await RawClient.GreetAsync(listener.Address);
        using var ring = RingIn(old);
        await old.SendAsync(Encoded.Journal(ring.Path));
        Assert.True(await old.FlushAsync(1));
        await using var next = await RawClient.GreetAsync(listener.Address);
        await next.SendAsync(Encoded.Journal(ring.Path));
        Assert.True(await next.FlushAsync(1));

        await old.DisposeAsync();
        for (var i = 2; i < 50; i++)
        {
            Assert.True(ring.TryAppend(Encoded.Record($"{i}")));
            Assert.True(await next.FlushAsync(i));
        }

        Assert.Equal(2, listener.Clients.Count(client => client.HasJournal && client.IsConnected));
        ring.Close();
        await next.SendAsync(Encoded.Frame(FrameType.Goodbye, new byte[8]));
        Assert.Equal(Enumerable.Range(2, 48).Select(i => $"{i}"), await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_client_whose_ring_is_damaged_goes_on_with_a_new_one()
    {
        var (listener, healthy) = await StartAsync();
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = "before" }));
        Assert.True(await client.AcknowledgedAsync(CancellationToken.None).WaitAsync(TestTimeout.Limit));
        var ring = client.JournalPath!;
        TestRing.Poke(ring, RingLayout.HeadAt, BitConverter.GetBytes(long.MaxValue));
        client.Write(new RecordDraft { Level = LogLevel.Information, Message = "into the damage" });
        await Eventually.TrueAsync(() => client.JournalPath != ring && listener.Clients.Count(known => known.HasJournal && known.IsConnected) == 2, "a new ring has taken the place of the damaged one");

        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = "after" }));
        Assert.True(await client.AcknowledgedAsync(CancellationToken.None).WaitAsync(TestTimeout.Limit));
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal("before", others[0]);
        Assert.Contains("cannot be read beyond", others[1]);
        Assert.Equal("after", others[2]);
        Assert.Contains("1 records of ", others[3]);
        Assert.Contains("are missing before its number 3", others[3]);
        Assert.Equal(4, others.Length);
        AssertCutOffOnce(listener, "a damaged ring");
    }

    [Fact]
    public async Task Counts_that_no_client_can_have_do_not_break_the_sums()
    {
        var (listener, healthy) = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var rogue = await RawClient.GreetAsync(listener.Address);
            await rogue.SendAsync(Encoded.Batch(Encoded.Record("first", 1), Encoded.Record("last", long.MaxValue), Encoded.Record("again", long.MinValue)));
            Assert.True(await rogue.FlushAsync(1));
            Assert.True(listener.Lost > 0);
            await rogue.SendAsync(Encoded.Frame(FrameType.Goodbye, new byte[8]));
        }

        await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal(long.MaxValue, listener.Lost);
        Assert.All(listener.Clients, client => Assert.True(client.Lost >= 0));
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_is_cut_off_before_its_answers_fill_the_memory()
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await RawClient.GreetAsync(listener.Address);
        var flush = Encoded.Frame(FrameType.Flush, BitConverter.GetBytes(1L));
        var flushes = Enumerable.Range(0, 5000).SelectMany(_ => flush).ToArray();
        var cutOff = false;
        for (var i = 0; i < 200 && !cutOff; i++)
        {
            cutOff = !await rogue.SendAsync(flushes);
        }

        Assert.True(cutOff);
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        AssertCutOffOnce(listener, "a flood of flushes");
    }

    [Fact]
    public async Task Clients_that_send_nonsense_again_and_again_push_the_disks_fault_out_of_no_list()
    {
        var (listener, healthy) = await StartAsync(TestListener.Start(folder.Combine(Log), options => options, (parts, failures) =>
        {
            failures.Report("run.log", FailureSeverity.Temporary, "disk full");
            return parts;
        }));
        for (var i = 0; i < FailureLog.Capacity + 5; i++)
        {
            await using var named = await RawClient.GreetAsync(listener.Address, $"rogue {i}");
            await named.SendAsync(Encoded.Frame(FrameType.Room));
            await named.WaitUntilCutOffAsync();
        }

        Assert.Equal(("run.log", "disk full"), (listener.Failures[0].Source, listener.Failures[0].Message));
        Assert.Equal(FailureLog.Capacity + 1, listener.Failures.Count);
        for (var i = 0; i < 5; i++)
        {
            await using var nameless = await RawClient.ConnectAsync(listener.Address);
            await nameless.SendAsync(Encoded.Frame(FrameType.Room));
            await nameless.WaitUntilCutOffAsync();
        }

        Assert.Equal(("disk full", 5), (listener.Failures[0].Message, listener.Failures[^1].Count));
        Assert.True(listener.Failures[^1].FirstTime <= listener.Failures[^1].Time);
        await healthy.StopAndCheckAsync(listener, Log, folder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sink_that_throws_beside_the_file(bool onWrite)
    {
        var error = new InvalidOperationException("broken");
        var listener = TestListener.Start(folder.Combine(Log), options => options, new ThrowingSink { OnWrite = onWrite ? error : null, OnFlush = onWrite ? null : error });
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"{i}" }));
        }

        Assert.Equal(onWrite, await client.AcknowledgedAsync(CancellationToken.None).WaitAsync(TestTimeout.Limit));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), folder.ReadLines(Log));
        Assert.Contains("broken", Assert.Single(listener.Failures).Message);
    }

    private static void AssertCutOffOnce(LogListener listener, string what)
    {
        var failure = Assert.Single(listener.Failures);
        Assert.True(failure.Message.StartsWith("Cut off: ", StringComparison.Ordinal), $"{what}: {failure.Message}");
        Assert.Equal(FailureSeverity.Final, failure.Severity);
    }

    private async Task AssertGoesOnOverThePipeAsync(LogListener listener, HealthyWriter healthy, RawClient refused)
    {
        await refused.SendAsync(Encoded.Batch(Encoded.Record("over the pipe", 1)));
        Assert.True(await refused.FlushAsync(1));
        Assert.False(Assert.Single(listener.Clients, client => client.Process == "rogue").HasJournal);
        await refused.SendAsync(Encoded.Frame(FrameType.Goodbye, BitConverter.GetBytes(1L)));
        Assert.Equal(["over the pipe"], await healthy.StopAndCheckAsync(listener, Log, folder));
        var failure = Assert.Single(listener.Failures);
        Assert.StartsWith("It has no journal, so its records do not survive its end: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal((FailureSeverity.Temporary, "client rogue (pid 4711)"), (failure.Severity, failure.Source));
    }

    private static RingWriter RingIn(RawClient client) =>
        RingWriter.Create(client.Listener!.Journal!.Folder, new RingOwner(new ClientIdentity(4711, "rogue", null), 1, EndsUnasked: false), client.Listener.Journal.Capacity);

    private async Task<(LogListener Listener, HealthyWriter Healthy)> StartAsync(Func<ListenerOptions, ListenerOptions>? change = null) =>
        await StartAsync(change is null ? await TestListener.StartAsync(folder.Combine(Log)) : TestListener.Start(folder.Combine(Log), change));

    private static async Task<(LogListener Listener, HealthyWriter Healthy)> StartAsync(LogListener listener)
    {
        var healthy = await HealthyWriter.ConnectAsync(listener);
        await healthy.WriteAsync();
        return (listener, healthy);
    }
}
