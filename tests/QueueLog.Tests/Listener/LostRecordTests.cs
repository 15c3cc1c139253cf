using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Records that a writer could hand over to nobody are counted, and the log says so as soon as somebody is there.</summary>
public sealed class LostRecordTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_shown_while_there_was_no_listener_is_told_by_the_next_contact()
    {
        var name = TestListener.NewName();
        StateFolder.Ensure();
        var address = PipeName.ToAddress(name);
        var logger = new QueueLogger(null, address);
        logger.Info("one");
        logger.Warning("two");

        // What a listener does not want unless it is asked to is not missed.
        logger.Debug("three");
        var listener = await StartAsync(name);
        ClientRegistry.Forget(address);
        logger.Info("here");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal([$"[QueueLog] 2 records of {ProcessContext.Identity.Name} (pid {Environment.ProcessId}) are not in the log: no listener took them in time", "here"], folder.ReadLines("run.log"));
        Assert.Equal((1, 1, 2), (listener.Received, listener.Written, listener.Lost));
    }

    [Fact]
    public async Task Without_a_journal_they_are_told_over_the_pipe()
    {
        var listener = await TestListener.StartAsync(Log);
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions { UseJournal = false, Lost = 3 }, None);
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Level = LogLevel.Information, Message = "here" }));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal([$"[QueueLog] 3 records of {ProcessContext.Identity.Name} (pid {Environment.ProcessId}) are not in the log: no listener took them in time", "here"], folder.ReadLines("run.log"));
        Assert.Equal(3, listener.Lost);
    }

    [Theory]
    [InlineData(true, ListenerEntry.Category)]
    [InlineData(false, ListenerEntry.Category)]
    [InlineData(true, " QueueLog.Listener ")]
    public async Task Nobody_else_speaks_in_the_listener_s_category(bool useJournal, string claimed)
    {
        var listener = await ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new RollingFileOptions { Path = Log },
            Template = "{Category}: {Message}",
            NoHeader = true,
        });
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions { UseJournal = useJournal, Lost = 3 }, None);
        client.Write(new RecordDraft { Level = LogLevel.Error, Category = claimed, Message = "claimed" });
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines("run.log");
        Assert.StartsWith("QueueLog.Listener: [QueueLog] 3 records of", lines[0]);
        Assert.Equal("Client.QueueLog.Listener: claimed", lines[1]);
    }

    [Fact]
    public async Task Who_says_that_none_are_lost_is_cut_off()
    {
        var listener = await TestListener.StartAsync(Log);
        await using var client = await RawClient.GreetAsync(listener.Address);
        await client.SendAsync(Encoded.Frame(FrameType.Lost, new byte[8]));
        await client.WaitUntilCutOffAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Contains(listener.Failures, failure => failure.Message.Contains("0 records cannot be lost", StringComparison.Ordinal));
        Assert.Equal(0, listener.Lost);
    }

    [Fact]
    public async Task What_a_ring_says_is_told_once_by_the_listener_that_finds_it()
    {
        // As of a writer that found its ring full and no listener, and was killed.
        var left = Assert.Single(JournalFolder.Claim(RealPath.Of(Log)));
        var ring = RingWriter.Create(left.Path, new RingOwner(new ClientIdentity(4711, "gone", null), 1, EndsUnasked: false), RingLayout.SmallestCapacity);
        ring.TryAppend(Encoded.Record("kept"));
        ring.CountLost(5);
        ring.Close();
        ring.Dispose();
        left.Dispose();

        var listener = await TestListener.StartAsync(Log);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(5, listener.Lost);
        var next = await TestListener.StartAsync(Log);
        await next.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, next.Lost);
        Assert.Single(folder.ReadLines("run.log"), "[QueueLog] 5 records of gone (pid 4711) are not in the log: no listener took them in time");
        Assert.Single(folder.ReadLines("run.log"), "kept");
    }

    private Task<LogListener> StartAsync(string name) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = name,
        File = new RollingFileOptions { Path = Log },
        Template = "{Message}",
        NoHeader = true,
    });
}
