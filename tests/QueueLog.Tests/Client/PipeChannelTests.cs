using System.Buffers.Binary;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Client;

public sealed class PipeChannelTests
{
    [Fact]
    public async Task Records_come_out_numbered_in_order_and_control_frames_keep_their_place()
    {
        var pipe = new PipeChannel(64 * 1024);
        Assert.True(Accepts(pipe, Record(), default));
        Assert.True(Accepts(pipe, Record(), default));
        Assert.True(pipe.TryAppendFrame(FrameType.Flush, 5));
        Assert.True(Accepts(pipe, Record(), default));
        pipe.Complete();

        var frames = Split(await pipe.ReadBatchAsync(TimeSpan.Zero, default));
        Assert.Equal([FrameType.Records, FrameType.Flush, FrameType.Records, FrameType.Goodbye], frames.Select(frame => frame.Type));
        Assert.Equal([1L, 2L], Sequences(frames[0]));
        Assert.Equal(5, BinaryPrimitives.ReadInt64LittleEndian(frames[1].Payload.Span));
        Assert.Equal([3L], Sequences(frames[2]));
        Assert.Equal(3, BinaryPrimitives.ReadInt64LittleEndian(frames[3].Payload.Span));
        Assert.True((await pipe.ReadBatchAsync(TimeSpan.Zero, default)).IsEmpty);
        Assert.False(Accepts(pipe, Record(), default));
    }

    [Fact]
    public async Task A_full_outbox_makes_the_writer_wait_until_the_sender_takes()
    {
        var pipe = new PipeChannel(200);
        Assert.True(Accepts(pipe, Record(), default));
        Assert.True(Accepts(pipe, Record(), default));
        var waiting = Task.Run(() =>
        {
            while (pipe.LastSequence < 10)
            {
                Accepts(pipe, Record(), default);
            }
        });
        Assert.False(waiting.IsCompleted);

        var taken = new List<long>();
        while (taken.Count < 10)
        {
            var frames = Split(await pipe.ReadBatchAsync(TimeSpan.Zero, default).AsTask().WaitAsync(TestTimeout.Limit));
            taken.AddRange(frames.SelectMany(Sequences));
        }

        await waiting.WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), taken);
    }

    [Fact]
    public async Task A_waiting_writer_is_freed_by_its_cancellation_and_its_record_is_not_taken()
    {
        var pipe = new PipeChannel(100);
        Assert.True(Accepts(pipe, Record(), default));
        using var cancellation = new CancellationTokenSource();
        var waiting = Task.Run(() => Accepts(pipe, Record(), cancellation.Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TestTimeout.Limit));
        Assert.Equal(1, pipe.LastSequence);
    }

    [Fact]
    public async Task A_waiting_writer_is_freed_by_the_end_of_the_outbox()
    {
        var pipe = new PipeChannel(100);
        Assert.True(Accepts(pipe, Record(), default));
        var waiting = Task.Run(() => Accepts(pipe, Record(), default));
        pipe.Complete();
        Assert.False(await waiting.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_record_longer_than_the_outbox_still_gets_through()
    {
        var pipe = new PipeChannel(100);
        Assert.True(Accepts(pipe, Record(new string('x', 5000)), default));
        Assert.Single(Split(await pipe.ReadBatchAsync(TimeSpan.Zero, default)));
    }

    [Fact]
    public async Task A_writer_can_wait_until_its_record_is_sent()
    {
        var pipe = new PipeChannel(64 * 1024);
        Assert.True(Accepts(pipe, Record(), default));
        var waiting = Task.Run(() => pipe.WaitUntilSent(default));

        // A wait for more records would last longer than the deadline: the writer ends it.
        Assert.Single(Split(await pipe.ReadBatchAsync(TimeSpan.FromMinutes(10), default).AsTask().WaitAsync(TestTimeout.Limit)));
        Assert.False(waiting.IsCompleted);
        pipe.MarkSent();
        await waiting.WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_writer_that_waits_for_its_record_is_freed_when_it_cannot_be_sent()
    {
        var pipe = new PipeChannel(64 * 1024);
        Assert.True(Accepts(pipe, Record(), default));
        var waiting = Task.Run(() => pipe.WaitUntilSent(default));
        using var cancellation = new CancellationTokenSource();
        var cancelled = Task.Run(() => pipe.WaitUntilSent(cancellation.Token));
        Assert.Single(Split(await pipe.ReadBatchAsync(TimeSpan.Zero, default)));
        await cancellation.CancelAsync();
        await cancelled.WaitAsync(TestTimeout.Limit);
        Assert.False(waiting.IsCompleted);
        pipe.Abandon();
        await waiting.WaitAsync(TestTimeout.Limit);
    }

    private static bool Accepts(PipeChannel pipe, ByteWriter record, CancellationToken cancellation) =>
        pipe.Append(record, LogLevel.Information, cancellation) == WriteResult.Accepted;

    private static ByteWriter Record(string message = "some message") =>
        RecordEncoder.Encode(new RecordDraft { Message = message }, LocalClock.Default);

    private static List<Frame> Split(ReadOnlyMemory<byte> bytes)
    {
        var frames = new List<Frame>();
        while (FrameReader.TryRead(ref bytes, int.MaxValue - 4, out var frame, out _))
        {
            frames.Add(frame with { Payload = frame.Payload.ToArray() });
        }

        Assert.True(bytes.IsEmpty);
        return frames;
    }

    private static List<long> Sequences(Frame frame)
    {
        var sequences = new List<long>();
        var batch = frame.Payload.Span;
        while (frame.Type == FrameType.Records && RecordCodec.TryRead(ref batch, new ClientIdentity(1, "p", null), out var record))
        {
            sequences.Add(record.Sequence);
        }

        return sequences;
    }
}
