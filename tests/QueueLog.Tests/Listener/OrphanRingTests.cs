using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener;

/// <summary>Rings that no connection has named.</summary>
public sealed class OrphanRingTests
{
    private const int NoProcess = int.MaxValue;

    [Fact]
    public async Task What_a_writer_wrote_that_died_before_it_named_its_ring_does_not_wait_for_the_next_listener()
    {
        using var folder = new TempFolder();
        await using var listener = await StartAsync(folder);
        await LeaveRingAsync(listener, ring => Append(ring, "last words"));
        await WaitUntilLoggedAsync(folder, $"[QueueLog] orphan (pid {NoProcess}) ended without a goodbye; its last record was number 1");
        Assert.Contains("last words", folder.Read("run.log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_is_nonsense_is_told_once_and_harms_no_start()
    {
        using var folder = new TempFolder();
        var log = folder.Combine("run.log");
        var left = Assert.Single(JournalFolder.Claim(log));
        using (var ring = RingWriter.Create(left.Path, TestRing.OwnerOf(NoProcess, 1), RingLayout.SmallestCapacity))
        {
            TestRing.Poke(ring.Path, RingLayout.MagicAt, new byte[8]);
            left.Dispose();
        }

        for (var start = 1; start <= 2; start++)
        {
            var listener = await TestListener.StartAsync(log);
            await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        }

        Assert.Contains("A journal left by an earlier listener cannot be read", Assert.Single(folder.ReadLines("run.log")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(left.Path));
    }

    [Fact]
    public async Task What_a_writer_left_out_after_its_last_record_is_told()
    {
        using var folder = new TempFolder();
        await using var listener = await StartAsync(folder);
        await LeaveRingAsync(listener, ring => ring.CountDropped(3));
        await WaitUntilLoggedAsync(folder, $"[QueueLog] 3 records of orphan (pid {NoProcess}) were left out");
    }

    [Fact]
    public async Task A_stop_ends_although_a_writer_that_has_not_heard_of_it_writes_on()
    {
        var timeout = TimeSpan.FromSeconds(10);
        using var folder = new TempFolder();
        var listener = await StartAsync(folder);
        var client = await ConnectAsync(listener);
        var ring = MakeRing(client, Environment.ProcessId);
        await client.DisposeAsync();
        using var stopped = new CancellationTokenSource();
        using var isWriting = new ManualResetEventSlim();
        var writing = Task.Factory.StartNew(() => WriteOn(ring, isWriting, stopped.Token), TaskCreationOptions.LongRunning);
        Assert.True(isWriting.Wait(TestTimeout.Limit));

        await listener.StopAsync(timeout).WaitAsync(TestTimeout.Limit);
        await stopped.CancelAsync();
        await writing.WaitAsync(TestTimeout.Limit);
        ring.Dispose();

        // Another test's listener may tidy it up at the same time.
        RingFiles.TryDeleteFolder(Path.GetDirectoryName(ring.Path)!);
        Assert.Empty(listener.Failures);
        Assert.NotEqual(0, new FileInfo(folder.Combine("run.log")).Length);
    }

    private static Task<LogListener> StartAsync(TempFolder folder) =>
        ListenerFactory.StartAsync(new ListenerOptions { File = new RollingFileOptions { Path = folder.Combine("run.log") } });

    private static Task<LogClient> ConnectAsync(LogListener listener) =>
        LogClient.ConnectAsync(listener.Address, new ClientOptions { UseJournal = false }, CancellationToken.None);

    // As a writer does that is killed when it has greeted and made its ring.
    private static async Task LeaveRingAsync(LogListener listener, Action<RingWriter> use)
    {
        await using var client = await ConnectAsync(listener);
        using var ring = MakeRing(client, NoProcess);
        use(ring);
    }

    private static RingWriter MakeRing(LogClient client, int pid) =>
        RingWriter.Create(client.Listener.Journal!.Folder, new RingOwner(new ClientIdentity(pid, "orphan", null), 0, EndsUnasked: false), RingWriter.DefaultCapacity);

    private static bool Append(RingWriter ring, string message) =>
        ring.TryAppend(RecordEncoder.Encode(new RecordDraft { Level = LogLevel.Information, Message = message }, LocalClock.Default).Written);

    private static void WriteOn(RingWriter ring, ManualResetEventSlim isWriting, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            if (!Append(ring, "and another"))
            {
                // Full: from now on there is always more.
                isWriting.Set();
            }
        }
    }

    private static async Task WaitUntilLoggedAsync(TempFolder folder, string text)
    {
        using var deadline = new CancellationTokenSource(TestTimeout.Limit);
        while (!folder.Read("run.log").Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
