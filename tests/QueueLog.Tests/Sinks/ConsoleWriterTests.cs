using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks;

public sealed class ConsoleWriterTests
{
    private readonly RecordingStream stream = new();
    private readonly FailureLog failures = new();

    [Fact]
    public void Everything_since_the_last_flush_goes_out_in_one_write()
    {
        var sink = Sink("{Level:u3} {Message}");

        sink.Write("one");
        sink.Write("two\nlines");
        Assert.Empty(stream.Writes);
        sink.Flush();
        sink.Flush();
        sink.Close(TestTimeout.Limit);

        Assert.Equal(["INF one\nINF two\n    lines\n"], stream.Writes);
    }

    [Fact]
    public void Records_below_its_level_are_not_shown()
    {
        var sink = Sink("{Level}");
        var guard = new SinkGuard(sink, "console", LogLevel.Error, failures, keepsRecords: false);

        foreach (var level in Enum.GetValues<LogLevel>())
        {
            guard.Write(Some.Record(level: level));
        }

        guard.Flush();
        sink.Close(TestTimeout.Limit);
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
        var sink = Sink("{Message}", colour: true);

        sink.Write(Some.Record("m\nn", level));
        sink.Flush();
        sink.Close(TestTimeout.Limit);

        Assert.Equal([expected], stream.Writes);
    }

    [Fact]
    public void Without_colours_no_entry_has_one()
    {
        var sink = Sink("{Message}");

        sink.Write(Some.Record("m", LogLevel.Critical));
        sink.Flush();
        sink.Close(TestTimeout.Limit);

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
    public async Task What_could_not_be_written_is_told_and_written_later()
    {
        var sink = Sink("{Message}");
        stream.OnWrite = new IOException("Broken pipe");
        sink.Write("one");
        sink.Flush();
        await Eventually.TrueAsync(() => sink.IsBehind, "it says that it cannot write");
        sink.Write("two");
        sink.Flush();
        stream.OnWrite = null;
        sink.Write("three");
        sink.Close(TestTimeout.Limit);

        Assert.Equal("one\ntwo\nthree\n", string.Concat(stream.Writes));
        Assert.Equal((3, 3, 0), (sink.Taken, sink.Written, sink.Lost));
        var failure = Assert.Single(failures.GetRecent());
        Assert.Equal(("Could not write to 'console': Broken pipe", FailureSeverity.Temporary), (failure.Message, failure.Severity));
    }

    [Fact]
    public async Task A_console_that_stays_broken_counts_what_it_leaves_out_once_its_buffer_is_full()
    {
        var sink = Sink("{Message}");
        stream.OnWrite = new IOException("Broken pipe");
        var large = new string('x', 600_000);
        sink.Write(large);

        // The thread waits to be told to try again, so nobody waits for it.
        sink.Write(large);
        sink.Write("more");
        Assert.Equal(2, sink.Lost);
        Assert.Equal([FailureSeverity.Temporary, FailureSeverity.Permanent], failures.GetRecent().Select(failure => failure.Severity));

        // No end waits for a console that is gone.
        await Task.Run(() => sink.Close(TimeSpan.FromDays(20))).WaitAsync(TestTimeout.Limit);

        Assert.Equal(3, sink.Lost);
        var last = failures.GetRecent()[^1];
        Assert.Equal(FailureSeverity.Final, last.Severity);
        Assert.Equal("3 records were left out of 'console' at the end: it did not take them in time.", last.Message);
        Assert.Same(stream.OnWrite, last.Exception);
    }

    [Fact]
    public void A_console_that_is_read_loses_nothing_however_much_comes()
    {
        const int Count = 40_000;
        var sink = Sink("{Message}");
        for (var i = 0; i < Count; i++)
        {
            sink.Write($"{i} {new string('x', 100)}");
        }

        sink.Close(TestTimeout.Limit);

        Assert.Equal(Count, string.Concat(stream.Writes).Count(c => c == '\n'));
        Assert.All(stream.Writes, text => Assert.EndsWith("\n", text, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Count), string.Concat(stream.Writes).Split('\n')[..^1].Select(line => int.Parse(line.Split(' ')[0])));
        Assert.Equal(0, sink.Lost);
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public void An_entry_longer_than_the_buffer_is_shown_whole()
    {
        var sink = Sink("{Message}");
        sink.Write("before");
        sink.Write(new string('x', 3 * 1024 * 1024));
        sink.Write("after");

        sink.Close(TestTimeout.Limit);

        Assert.Equal($"before\n{new string('x', 3 * 1024 * 1024)}\nafter\n", string.Concat(stream.Writes));
    }

    [Fact]
    public async Task While_nobody_reads_records_are_left_out_and_the_console_says_where_and_how_many()
    {
        var blocked = new BlockingStream();
        var sink = Sink("{Message}", blocked, roomTimeout: TimeSpan.Zero);
        var entry = new string('x', 1023);
        for (var i = 0; i < 2000; i++)
        {
            sink.Write($"{i:D4}{entry[4..]}");
            sink.Flush();
        }

        var shown = 2000 - (int)sink.Lost;
        Assert.InRange(shown, 900, 1024);
        var failure = Assert.Single(failures.GetRecent());
        Assert.Equal(("console", FailureSeverity.Permanent), (failure.Source, failure.Severity));

        blocked.Release();
        await blocked.WaitForAsync("left out here", TestTimeout.Limit);
        sink.Write("after");
        sink.Close(TestTimeout.Limit);

        var lines = blocked.Text.Split('\n')[..^1];
        Assert.Equal(Enumerable.Range(0, shown), lines[..shown].Select(line => int.Parse(line[..4])));
        Assert.Equal([$"QueueLog: {2000 - shown} records were left out here: the console was behind", "after"], lines[shown..]);
        Assert.Equal(2000 - shown, sink.Lost);
        Assert.Equal($"{sink.Lost} records were left out of 'console', which was behind and has caught up.", failures.GetRecent()[^1].Message);
        Assert.Equal(2, failures.Count);
    }

    [Fact]
    public async Task A_full_buffer_waits_a_moment_for_a_console_that_is_only_slow()
    {
        var blocked = new BlockingStream();
        var sink = Sink("{Message}", blocked, roomTimeout: TestTimeout.Limit);
        var entry = new string('x', 100_000);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 30; i++)
            {
                sink.Write(entry);
            }
        });
        blocked.Release();

        await writing.WaitAsync(TestTimeout.Limit);
        sink.Close(TestTimeout.Limit);

        Assert.Equal(30 * 100_001, blocked.Text.Length);
        Assert.Equal(0, sink.Lost);
    }

    [Fact]
    public async Task Closing_does_not_wait_for_ever_and_counts_what_is_left()
    {
        var blocked = new BlockingStream();
        var sink = Sink("{Message}", blocked, closeTimeout: TimeSpan.FromMilliseconds(50));
        sink.Write("one");
        sink.Flush();
        sink.Write("two");

        await Task.Run(() => sink.Close(TestTimeout.Limit)).WaitAsync(TestTimeout.Limit);

        Assert.Equal(2, sink.Lost);
        var failure = Assert.Single(failures.GetRecent());
        Assert.Equal((FailureSeverity.Final, "2 records were left out of 'console' at the end: it did not take them in time."), (failure.Severity, failure.Message));
        blocked.Release();
    }

    [Fact]
    public async Task A_console_nobody_reads_does_not_hold_up_the_file()
    {
        const int Count = 30_000;
        using var folder = new TempFolder();
        using var state = new TempFolder();
        var formatter = new TemplateFormatter("{Message}");
        var blocked = new BlockingStream();
        SinkGuard[] guards =
        [
            new(Sink("{Message}", blocked), "console", LogLevel.Trace, failures, keepsRecords: false),
            new(FileSinkFactory.Create(new RollingFileOptions { Path = folder.Combine("run.log") }, formatter, new FileLockScope(state.Path, "pipe"), failures), "file", LogLevel.Trace, failures),
        ];
        var message = new string('x', 99);

        var writing = Task.Run(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                Array.ForEach(guards, guard => guard.Write(message));
                if (i % 100 == 0)
                {
                    Array.ForEach(guards, guard => guard.Flush());
                }
            }

            Array.ForEach(guards, guard => guard.Flush());
            Array.ForEach(guards, guard => guard.Dispose());
        });

        await writing.WaitAsync(TestTimeout.Limit);
        Assert.Equal(Count, folder.ReadLines("run.log").Length);
        Assert.Equal(Count, guards[0].Lost);
        Assert.Equal(0, guards[1].Lost);
        blocked.Release();
    }

    [Fact]
    public async Task A_script_whose_standard_error_nobody_reads_goes_on_writes_and_ends()
    {
        using var folder = new TempFolder();
        using var host = Script.Start($$"""
            $listener = Start-LogListener -PassThru '{{folder.Combine("run.log")}}' -Console
            foreach ($i in 1..20000) { Write-QueueLog ('x' * 100) }
            'still writing'
            $listener = $listener | Stop-LogListener -PassThru -WarningAction SilentlyContinue
            "$($listener.Written) written"
            """);

        // What it shows is read only after all this.
        Assert.Equal("still writing", await host.ReadLineAsync());
        Assert.Equal("20000 written", await host.ReadLineAsync());
        Assert.Equal(20_000, folder.ReadLines("run.log").Length);
        var result = await host.CompleteAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(folder.Read("run.log")[..1000], result.Error);
    }

    [Fact]
    public void Two_consoles_on_one_stream_never_write_at_once()
    {
        var shared = new CountingStream();
        QueuedSink[] sinks = [.. Enumerable.Range(0, 2).Select(_ => Sink("{Message}", shared, roomTimeout: TestTimeout.Limit))];
        for (var i = 0; i < 200; i++)
        {
            Array.ForEach(sinks, sink => sink.Write("line"));
            Array.ForEach(sinks, sink => sink.Flush());
        }

        Array.ForEach(sinks, sink => sink.Close(TestTimeout.Limit));
        Assert.Equal(1, shared.MostAtOnce);
        Assert.Equal(0, sinks.Sum(sink => sink.Lost));
    }

    private QueuedSink Sink(string template, Stream? stream = null, bool colour = false, TimeSpan? roomTimeout = null, TimeSpan? closeTimeout = null)
    {
        var metrics = new SinkMetrics("console", failures);
        var room = new SinkQueueOptions
        {
            ThreadName = "test",
            Capacity = 1024 * 1024,
            IsTimeoutPerWait = true,
            RoomTimeout = roomTimeout ?? TimeSpan.FromMilliseconds(250),
            CloseTimeout = closeTimeout ?? TimeSpan.MaxValue,
        };
        return new QueuedSink(SinkKind.Console, new TextTarget(new ConsoleWriter(new TemplateFormatter(template), colour, stream ?? this.stream), code: null, metrics), room, metrics);
    }
}
