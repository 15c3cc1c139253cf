using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.State;

public sealed class LargeValueTests
{
    private static readonly byte[] LargeFrame = Entry(9 * 1024 * 1024);

    private readonly PoolRun run;

    public LargeValueTests()
    {
        var pool = new PoolState(new WorkerPoolOptions { Name = "pool", Count = 1 });
        run = pool.TryBegin(id => new PoolRun(pool, null!, new WorkDefinition { Id = id }, new RunOptions(), TimeProvider.System), out _)!;
    }

    [Fact]
    public async Task A_reader_that_is_behind_gets_four_large_results_and_no_more_until_it_has_done_with_one()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.True(Publish(LargeFrame).IsCompletedSuccessfully);
        }

        var fifth = Publish(LargeFrame);
        Assert.False(fifth.IsCompleted);
        Assert.True(Publish(Entry(100)).IsCompletedSuccessfully);

        Assert.True(run.Events.TryRead(out var first));
        ((WorkResults)first).Frame.Dispose();
        await fifth.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task The_end_of_a_run_lets_go_of_a_large_result_that_waits()
    {
        var all = Enumerable.Range(0, 6).Select(_ => Publish(LargeFrame)).ToList();
        Assert.False(all[^1].IsCompleted);
        run.Close(null, wasStopped: true);
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void What_is_large_is_sent_from_where_it_is()
    {
        var outgoing = new OutgoingFrames();
        outgoing.Copy([1, 0, 0, 0, (byte)FrameType.Withdraw]);
        var large = new WorkItem(1, null, new byte[100_000]);
        outgoing.Add(7, [new WorkItem(0, null, [1]), large, new WorkItem(2, null, [2, 3]), new WorkItem(3, null, new byte[70_000])]);
        outgoing.Add(FrameType.EndOfItems);

        Assert.Contains(outgoing.Parts, part => part.Equals(large.Payload.AsMemory()));
        ReadOnlyMemory<byte> sent = outgoing.Parts.SelectMany(static part => part.ToArray()).ToArray();
        var frames = new List<(FrameType Type, int Length)>();
        while (FrameReader.TryRead(ref sent, ProtocolLimits.MaxWorkFrameLength, out var frame, out _))
        {
            frames.Add((frame.Type, frame.Payload.Length));
        }

        Assert.True(sent.IsEmpty);
        Assert.Equal([FrameType.Withdraw, FrameType.Items, FrameType.EndOfItems], frames.Select(static frame => frame.Type));
        Assert.Equal(4 + 4 * 9 + (1 + 1) + (3 + 100_000) + (1 + 2) + (3 + 70_000), frames[1].Length);

        outgoing.Clear();
        Assert.True(outgoing.IsEmpty);
    }

    private static byte[] Entry(int length)
    {
        var writer = new ByteWriter();
        var entry = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Output, 0);
        writer.WriteBytes(new byte[length]);
        WorkEntryCodec.EndEntry(writer, entry);
        return writer.Written.ToArray();
    }

    private Task Publish(byte[] frame) => run.PublishAsync(new WorkResults("Worker-1", ResultFrame.Read(frame))).AsTask();
}
