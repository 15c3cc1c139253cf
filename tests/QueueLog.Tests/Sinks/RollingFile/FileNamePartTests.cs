using System.Text;
using QueueLog.Sinks.RollingFile;
using QueueLog.Wire;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class FileNamePartTests
{
    [Theory]
    [InlineData("Worker-1", "Worker-1")]
    [InlineData("Db.Import", "Db.Import")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("Größe 漢字 😀", "Größe 漢字 😀")]
    [InlineData("", "_")]
    [InlineData(".", "_")]
    [InlineData("..", "__")]
    [InlineData("...", "___")]
    [InlineData("../../etc/passwd", "______etc_passwd")]
    [InlineData("..\\x", "___x")]
    [InlineData("a..b", "a__b")]
    [InlineData("a/b\\c", "a_b_c")]
    [InlineData("<>:\"|?*", "_______")]
    [InlineData("a\nb\0c\u001bd\u0085e", "a_b_c_d_e")]
    [InlineData("end.", "end_")]
    [InlineData("end ", "end_")]
    [InlineData(" ", "_")]
    [InlineData("CON", "_")]
    [InlineData("nul", "_")]
    [InlineData("Aux.txt", "_")]
    [InlineData("COM1", "_")]
    [InlineData("lpt9 .x", "_")]
    [InlineData("COMA", "COMA")]
    [InlineData("CONSOLE", "CONSOLE")]
    public void A_value_becomes_part_of_a_name_and_no_more(string value, string expected) =>
        Assert.Equal(expected, Sanitize(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void Bytes_that_are_no_text_become_underscores() => Assert.Equal("a__b", Sanitize([(byte)'a', 0xFF, 0xC2, (byte)'b']));

    [Theory]
    [InlineData("x", 100)]
    [InlineData("ä", 50)]
    [InlineData("漢", 33)]
    [InlineData("😀", 25)]
    [InlineData("/", 100)]
    public void A_long_value_is_cut_between_characters(string character, int count) =>
        Assert.Equal(
            string.Concat(Enumerable.Repeat(character == "/" ? "_" : character, count)),
            Sanitize(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, 200)))));

    private static string Sanitize(byte[] value)
    {
        var output = new ByteWriter();
        output.WriteBytes("logs/"u8);
        FileNamePart.Append(output, value);
        return Encoding.UTF8.GetString(output.Written)["logs/".Length..];
    }
}
