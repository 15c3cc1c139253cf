using System.Text;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class LineBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Lines_of_every_length_come_whole_however_they_are_cut(int chunk)
    {
        string[] expected = ["one", "", "ä", new string('x', 200_000), "two", new string('y', 70_000), "the rest"];
        var bytes = Encoding.UTF8.GetBytes(string.Join("\n", expected));
        var buffer = new LineBuffer();
        var lines = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var room = buffer.Room();
            var count = Math.Min(Math.Min(chunk, room.Length), bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(room);
            buffer.Received(count);
            at += count;
            while (buffer.TryRead(out var line))
            {
                lines.Add(Encoding.UTF8.GetString(line));
            }
        }

        lines.Add(Encoding.UTF8.GetString(buffer.Rest));
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void A_carriage_return_before_the_line_feed_is_no_part_of_the_line()
    {
        var buffer = Filled("a\r\n\r\nb\rc\r\nd\r");
        Assert.Equal(["a", "", "b\rc"], TakeAll(buffer));
        Assert.Equal("d", Encoding.UTF8.GetString(buffer.Rest));
    }

    [Fact]
    public void The_longest_line_is_taken_and_a_longer_one_refused_before_it_ends()
    {
        Assert.Equal([new string('x', 100)], TakeAll(Filled(new string('x', 100) + "\n", maxLength: 100)));
        Assert.Empty(TakeAll(Filled(new string('x', 100), maxLength: 100)));
        var buffer = Filled(new string('x', 101), maxLength: 100);
        Assert.Throws<ProtocolException>(() => TakeAll(buffer));
        Assert.Equal(101, buffer.Rest.Length);
        Assert.Throws<ProtocolException>(() => TakeAll(Filled("ok\n" + new string('x', 101) + "\n", maxLength: 100)));
    }

    [Fact]
    public void The_buffer_grows_with_a_long_line_up_to_its_limit_and_shrinks_behind_it()
    {
        const int Longest = 1024 * 1024;
        var buffer = new LineBuffer(Longest);
        for (var received = 0; received < Longest;)
        {
            var room = buffer.Room();
            var count = Math.Min(room.Length, Longest - received);
            room.Span[..count].Fill((byte)'x');
            buffer.Received(count);
            received += count;
            Assert.False(buffer.TryRead(out _));
            Assert.InRange(buffer.Capacity, received, (2 * received) + (64 * 1024));
        }

        buffer.Room().Span[0] = (byte)'\n';
        buffer.Received(1);
        Assert.True(buffer.TryRead(out var line));
        Assert.Equal(Longest, line.Length);
        buffer.Room();
        Assert.InRange(buffer.Capacity, 0, 64 * 1024);
    }

    private static LineBuffer Filled(string text, int maxLength = 1000)
    {
        var buffer = new LineBuffer(maxLength);
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.CopyTo(buffer.Room());
        buffer.Received(bytes.Length);
        return buffer;
    }

    private static List<string> TakeAll(LineBuffer buffer)
    {
        var lines = new List<string>();
        while (buffer.TryRead(out var line))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return lines;
    }
}
