using System.Text;
using QueueLog.Sinks;

namespace QueueLog.Tests.Sinks;

public sealed class WindowsConsoleStreamTests
{
    [Fact]
    public void Text_reaches_a_console_in_its_encoding_though_a_write_ends_within_a_letter()
    {
        using var console = new MemoryStream();
        var stream = WindowsConsoleStream.Transcoded(console, Encoding.Latin1);
        foreach (var part in "Grüße, 5 °C\n"u8.ToArray().Chunk(1))
        {
            stream.Write(part);
            stream.Flush();
        }

        Assert.Equal("Grüße, 5 °C\n", Encoding.Latin1.GetString(console.ToArray()));
    }

    [Fact]
    public void A_console_of_UTF_8_gets_the_bytes_as_they_are()
    {
        using var console = new MemoryStream();
        Assert.Same(console, WindowsConsoleStream.Transcoded(console, new UTF8Encoding(false)));
    }

    [Fact]
    public void Windows_standard_error_takes_text()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Skip("The console of Windows alone has a code page.");
            return;
        }

        var stream = WindowsConsoleStream.OpenError();
        stream.Write("äöü €\n"u8);
        stream.Flush();
    }
}
