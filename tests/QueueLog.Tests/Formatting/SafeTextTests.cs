using System.Text;
using System.Text.Unicode;
using QueueLog.Formatting;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r\nb")]
    [InlineData("a\rb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    public void Any_line_break_indents_what_follows(string message)
    {
        Assert.Equal("a\n    b\n", Some.Format("{Message}", Some.Record(message)));
        Assert.Equal("a\n    b\n", Some.Format("{Process}", Some.Record(process: message)));
        Assert.Equal("a\n    b\n", Some.Format("{Category}", new SampleRecord { Category = message }));
        Assert.Equal("a\n    b\n", Some.Format("{Worker}", new SampleRecord { Worker = message }));
        Assert.Equal("a\n    b\n", Some.Format("{Template}", new SampleRecord { Template = message }));
        Assert.Equal("a\n    b\n", Some.Format("{P}", Some.Record().With("P", message)));
        Assert.Equal("{a\n    b=a\n    b}\n", Some.Format("{Properties}", Some.Record().With(message, message)));
    }

    [Theory]
    [InlineData("a\n\nb", "a\n    \n    b")]
    [InlineData("a\n\rb", "a\n    \n    b")]
    [InlineData("\nb", "\n    b")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n\r\n\u0085\u2028\u2029\n\r", "a")]
    [InlineData("\n", "")]
    [InlineData("a \n ", "a \n     ")]
    public void Only_the_breaks_at_the_very_end_of_a_message_are_dropped(string message, string expected) =>
        Assert.Equal(expected + "\n", Some.Format("{Message}", Some.Record(message)));

    [Theory]
    [InlineData("a\tb", "a\tb")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("\a\b\v\f\u001f", "\\u0007\\u0008\\u000b\\u000c\\u001f")]
    [InlineData("\u007f", "\\u007f")]
    [InlineData("\u0080\u0084\u0086\u009b\u009f\u00a0", "\\u0080\\u0084\\u0086\\u009b\\u009f\u00a0")]
    [InlineData("© “quoted” € → 😀 ü 漢字", "© “quoted” € → 😀 ü 漢字")]
    [InlineData("\\u001b", "\\u001b")]
    [InlineData("a\u202a\u202b\u202c\u202d\u202eb", "a\\u202a\\u202b\\u202c\\u202d\\u202eb")]
    [InlineData("\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069")]
    [InlineData("\u2027\u202f\u2065\u206a\u200f", "\u2027\u202f\u2065\u206a\u200f")]
    public void Control_characters_but_the_tab_and_bidirectional_controls_are_escaped_and_nothing_else_is(string message, string expected) =>
        Assert.Equal(expected + "\n", Some.Format("{Message}", Some.Record(message)));

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { (byte)'a', 0xC2 }, "a\uFFFD")]
    [InlineData(new byte[] { 0xE2, 0x80 }, "\uFFFD")]
    [InlineData(new byte[] { 0xC2, (byte)'\n', (byte)'b' }, "\uFFFD\n    b")]
    [InlineData(new byte[] { 0xE2, 0x80, (byte)'\n', (byte)'b' }, "\uFFFD\n    b")]
    [InlineData(new byte[] { 0xC0, 0x8A }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xFF, 0xC2, 0xA9, 0x1B, 0xFF, (byte)'x' }, "\uFFFD©\\u001b\uFFFDx")]
    public void Bytes_that_are_no_text_become_replacement_characters(byte[] message, string expected) =>
        Assert.Equal(expected + "\n", Some.Format("{Message}", new SampleRecord { MessageBytes = message }));

    [Fact]
    public void No_message_makes_a_second_line_that_is_not_indented_or_bytes_that_are_no_text()
    {
        byte[] alphabet = [(byte)'a', (byte)'\n', (byte)'\r', 0xC2, 0x85, 0xE2, 0x80, 0xA8, 0xA9, 0x1B, 0xF0, 0x9F];
        var formatter = new TemplateFormatter("{Message}");
        var output = new ByteWriter();
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var message = new byte[random.Next(12)];
            for (var i = 0; i < message.Length; i++)
            {
                message[i] = alphabet[random.Next(alphabet.Length)];
            }

            output.Clear();
            var record = new RecordView { Message = message };
            formatter.Format(in record, output);

            Assert.True(Utf8.IsValid(output.Written));
            var lines = Encoding.UTF8.GetString(output.Written).Split('\n');
            Assert.Equal("", lines[^1]);
            Assert.All(lines[1..^1], line => Assert.StartsWith("    ", line));
            Assert.DoesNotContain(lines, line => line.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'));
        }
    }

    [Fact]
    public void A_long_text_of_nothing_but_escapes_fits()
    {
        var text = Some.Format("{Message}", Some.Record(new string('\u001b', 100_000) + "."));

        Assert.Equal(string.Concat(Enumerable.Repeat("\\u001b", 100_000)) + ".\n", text);
    }
}
