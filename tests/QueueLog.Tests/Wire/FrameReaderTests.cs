using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class FrameReaderTests
{
    private const int Limit = 1024;

    [Fact]
    public void A_whole_frame_is_read_and_the_rest_is_left()
    {
        ReadOnlyMemory<byte> received = TwoFrames();

        Assert.True(FrameReader.TryRead(ref received, Limit, out var first, out _));
        Assert.Equal(FrameType.Records, first.Type);
        Assert.Equal("abc"u8.ToArray(), first.Payload.ToArray());

        Assert.True(FrameReader.TryRead(ref received, Limit, out var second, out _));
        Assert.Equal(FrameType.Goodbye, second.Type);
        Assert.True(second.Payload.IsEmpty);
        Assert.True(received.IsEmpty);
    }

    [Fact]
    public void Byte_by_byte_a_frame_appears_exactly_with_its_last_byte()
    {
        var bytes = TwoFrames();
        var firstLength = FrameReader.HeaderLength + 3;
        for (var length = 0; length < firstLength; length++)
        {
            ReadOnlyMemory<byte> received = bytes.AsMemory(0, length);
            Assert.False(FrameReader.TryRead(ref received, Limit, out _, out var missing));
            Assert.InRange(missing, 1, firstLength - length);
            Assert.Equal(length, received.Length);
        }

        ReadOnlyMemory<byte> whole = bytes.AsMemory(0, firstLength);
        Assert.True(FrameReader.TryRead(ref whole, Limit, out _, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(Limit + 1u)]
    [InlineData(uint.MaxValue)]
    public void A_length_outside_the_limits_is_refused_before_the_rest_arrives(uint length)
    {
        ReadOnlyMemory<byte> received = BitConverter.GetBytes(length).Append((byte)FrameType.Records).ToArray();
        Assert.Throws<ProtocolException>(() => FrameReader.TryRead(ref received, Limit, out _, out _));
    }

    private static byte[] TwoFrames()
    {
        var writer = new ByteWriter();
        var frame = writer.BeginFrame(FrameType.Records);
        writer.WriteBytes("abc"u8);
        writer.EndFrame(frame);
        writer.EndFrameOf(FrameType.Goodbye);
        return writer.Written.ToArray();
    }
}

internal static class ByteWriterTestExtensions
{
    public static void EndFrameOf(this ByteWriter writer, FrameType type) => writer.EndFrame(writer.BeginFrame(type));
}
