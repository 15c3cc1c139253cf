using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks;

public sealed class ConsoleSinkTests
{
    private readonly RecordingStream stream = new();

    [Fact]
    public void Everything_since_the_last_flush_goes_out_in_one_write()
    {
        using var sink = Sink("{Level:u3} {Message}");

        sink.Write("one");
        sink.Write("two\nlines");
        Assert.Empty(stream.Writes);
        sink.Flush();
        sink.Flush();

        Assert.Equal(["INF one\nINF two\n    lines\n"], stream.Writes);
    }

    [Fact]
    public void Records_below_its_level_are_not_shown()
    {
        using var sink = Sink("{Level}", new ConsoleSinkOptions { MinimumLevel = LogLevel.Error });

        foreach (var level in Enum.GetValues<LogLevel>())
        {
            sink.Write(Some.Record(level: level));
        }

        sink.Flush();
        Assert.Equal(["Error\nCritical\n"], stream.Writes);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "\u001b[90mm\n    n\u001b[0m\n")]
    [InlineData(LogLevel.Debug, "\u001b[90mm\n    n\u001b[0m\n")]
    [InlineData(LogLevel.Information, "m\n    n\n")]
    [InlineData(LogLevel.Warning, "\u001b[33mm\n    n\u001b[0m\n")]
    [InlineData(LogLevel.Error, "\u001b[31mm\n    n\u001b[0m\n")]
    [InlineData(LogLevel.Critical, "\u001b[1;31mm\n    n\u001b[0m\n")]
    public void A_colour_ends_with_the_text_of_its_entry(LogLevel level, string expected)
    {
        using var sink = Sink("{Message}", new ConsoleSinkOptions { Colour = true });

        sink.Write(Some.Record("m\nn", level));
        sink.Flush();

        Assert.Equal([expected], stream.Writes);
    }

    [Fact]
    public void Without_colours_no_entry_has_one()
    {
        using var sink = Sink("{Message}");

        sink.Write(Some.Record("m", LogLevel.Critical));
        sink.Flush();

        Assert.Equal(["m\n"], stream.Writes);
    }

    [Theory]
    [InlineData(false, null, "xterm", true)]
    [InlineData(false, "", null, true)]
    [InlineData(false, "1", "xterm", false)]
    [InlineData(false, "0", "xterm", false)]
    [InlineData(false, null, "dumb", false)]
    [InlineData(true, null, "xterm", false)]
    public void Colours_are_for_terminals_that_can_and_users_who_want_them(bool isRedirected, string? noColor, string? term, bool expected) =>
        Assert.Equal(expected, ConsoleColours.AreWanted(isRedirected, noColor, term));

    [Fact]
    public void What_could_not_be_written_is_written_by_the_next_flush()
    {
        using var sink = Sink("{Message}");
        stream.OnWrite = new IOException("Broken pipe");
        sink.Write("one");
        Assert.Same(stream.OnWrite, Assert.Throws<IOException>(sink.Flush));

        stream.OnWrite = null;
        sink.Write("two");
        sink.Flush();

        Assert.Equal(["one\ntwo\n"], stream.Writes);
    }

    [Fact]
    public void A_console_that_stays_broken_refuses_records_once_its_buffer_is_full()
    {
        using var sink = Sink("{Message}");
        stream.OnWrite = new IOException("Broken pipe");
        var large = new string('x', 600_000);
        sink.Write(large);
        sink.Write(large);
        Assert.Throws<IOException>(sink.Flush);

        var refusal = Assert.Throws<IOException>(() => sink.Write("more"));

        Assert.Same(stream.OnWrite, refusal.InnerException);
        stream.OnWrite = null;
    }

    private ConsoleSink Sink(string template, ConsoleSinkOptions? options = null) =>
        new(new TemplateFormatter(template), options ?? new ConsoleSinkOptions(), stream);
}
