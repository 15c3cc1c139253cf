using System.Text;
using QueueLog.Pool.Processes;

namespace QueueLog.Tests.Pool.Processes;

public sealed class BoundedLineReaderTests
{
    public static TheoryData<string, string[]> Texts => new()
    {
        { "", [] },
        { "a", ["a"] },
        { "a\n", ["a"] },
        { "\n", [""] },
        { "a\nb\r\nc\rd", ["a", "b", "c", "d"] },
        { "a\r\n\r\n\n", ["a", "", ""] },
        { "12345678", ["12345678"] },
        { "12345678\n9\n", ["12345678", "9"] },
        { "12345678\r\n9\n", ["12345678", "9"] },
        { "123456789\n", ["12345678", "9"] },
        { "1234567812345678\n\nx", ["12345678", "12345678", "", "x"] },
        { "1234567\U0001F600\n", ["1234567", "\U0001F600"] },
        { "1234567\U0001F600123456789", ["1234567", "\U0001F600123456", "789"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_is_longer_than_allowed_comes_in_pieces_and_all_else_by_lines(string text, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, await ReadAsync(new MemoryStream(bytes)));
        Assert.Equal(expected, await ReadAsync(new DrippingStream(bytes)));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_replaced_and_make_no_other_encoding_of_the_rest() =>
        Assert.Equal(["\uFFFD\uFFFDA", "b"], await ReadAsync(new MemoryStream([0xFF, 0xFE, (byte)'A', (byte)'\n', (byte)'b'])));

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        using var reader = new BoundedLineReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), longest: 8);
        var lines = new List<string>();
        while (await reader.ReadAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
