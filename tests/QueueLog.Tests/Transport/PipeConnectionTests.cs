using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Transport;

public sealed class PipeConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Frames_of_every_size_arrive_whole_however_the_stream_cuts_them(int chunk)
    {
        int[] sizes = [0, 1, 100, 5000, 16_000, 200_000, 3, 700_000, 0];
        var writer = new ByteWriter();
        foreach (var size in sizes)
        {
            var frame = writer.BeginFrame(FrameType.Records);
            writer.WriteBytes(Enumerable.Range(0, size).Select(i => (byte)(i * 31)).ToArray());
            writer.EndFrame(frame);
        }

        await using var connection = new PipeConnection(new ChunkedStream(writer.Written.ToArray(), chunk)) { MaxFrameLength = ProtocolLimits.MaxFrameLength };
        foreach (var size in sizes)
        {
            var frame = await connection.ReadAsync(None);
            Assert.Equal(size, frame!.Value.Payload.Length);
            Assert.Equal(Enumerable.Range(0, size).Select(i => (byte)(i * 31)), frame.Value.Payload.ToArray());
        }

        Assert.Null(await connection.ReadAsync(None));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task A_payload_that_is_kept_stays_as_it_is_while_others_are_read(int chunk)
    {
        int[] sizes = [10, 400_000, 20, 300_000, 500_000, 0, 5];
        var writer = new ByteWriter();
        foreach (var size in sizes)
        {
            var frame = writer.BeginFrame(FrameType.Results);
            writer.WriteBytes(Enumerable.Repeat((byte)size, size).ToArray());
            writer.EndFrame(frame);
        }

        await using var connection = new PipeConnection(new ChunkedStream(writer.Written.ToArray(), chunk));
        connection.Trust();
        var kept = new List<ReadOnlyMemory<byte>>();
        while (await connection.ReadAsync(None) is { } frame)
        {
            kept.Add(connection.Keep(frame));
        }

        Assert.Equal(sizes, kept.Select(static payload => payload.Length));
        Assert.All(kept, static payload => Assert.DoesNotContain(payload.ToArray(), value => value != (byte)payload.Length));
    }

    [Fact]
    public async Task An_end_inside_a_frame_is_no_clean_end()
    {
        await using var connection = new PipeConnection(new ChunkedStream([9, 0, 0, 0, 3, 1, 2], 100));
        await Assert.ThrowsAsync<ProtocolException>(async () => await connection.ReadAsync(None));
    }

    [Fact]
    public async Task A_promise_of_much_allocates_nothing_before_it_arrives()
    {
        var header = BitConverter.GetBytes(ProtocolLimits.MaxFrameLength).Append((byte)FrameType.Records).ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 10; i++)
        {
            await using var connection = new PipeConnection(new ChunkedStream(header, 100)) { MaxFrameLength = ProtocolLimits.MaxFrameLength };
            await Assert.ThrowsAsync<ProtocolException>(async () => await connection.ReadAsync(None));
        }

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32L * 1024 * 1024);
    }

    private sealed class ChunkedStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
