using QueueLog.Formatting;

namespace QueueLog.Tests.Formatting;

public sealed class PlainTextTests
{
    private const byte Untouched = 0xEE;

    // Short ones, those of whole and of broken parts of every size, and such as are longer than two.
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 50), 63, 64, 65, 127, 128, 129];

    [Fact]
    public void A_text_is_plain_when_every_byte_is_wherever_it_stands()
    {
        foreach (var length in Lengths)
        {
            for (var place = 0; place < length; place++)
            {
                for (var value = 0; value <= 0xFF; value++)
                {
                    var text = Letters(length);
                    text[place] = (byte)value;
                    var isPlain = value is >= ' ' and <= '~' and not '"' and not '\\';
                    var target = new byte[length];

                    Assert.True(isPlain == PlainText.TryCopy(text, target), $"0x{value:X2} at {place} of {length}");
                    Assert.True(!isPlain || target.AsSpan().SequenceEqual(text), $"0x{value:X2} at {place} of {length}");
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_written_behind_the_text()
    {
        foreach (var length in Lengths)
        {
            var target = new byte[length + 40];
            Array.Fill(target, Untouched);

            Assert.True(PlainText.TryCopy(Letters(length), target));

            Assert.Equal(Letters(length), target[..length]);
            Assert.All(target[length..], value => Assert.Equal(Untouched, value));
        }
    }

    // Each differs from its neighbours: a part in the wrong place shows.
    private static byte[] Letters(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('A' + i % 26))];
}
