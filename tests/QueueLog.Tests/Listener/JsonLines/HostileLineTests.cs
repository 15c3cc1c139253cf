using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener.JsonLines;

/// <summary>Lines that are none; the log of the healthy client beside them is complete, and theirs loses nothing.</summary>
[Collection(nameof(AloneCollection))]
public sealed class HostileLineTests : IDisposable
{
    private static readonly string[] Log = ["run.log"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{garbage")]
    [InlineData("{\"message\":\"a\"")]
    [InlineData("{\"message\":\"a\"} and more")]
    [InlineData("plain text among the lines")]
    [InlineData("[1,2]")]
    [InlineData("{\"a\":{{}}}")]
    public async Task What_is_no_record_is_the_message_of_one(string garbage)
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        await rogue.SendAsync($"{{\"message\":\"before\",\"process\":\"rogue\",\"pid\":4711}}\n{garbage}\n{{\"message\":\"between\"}}\n{garbage}\n{garbage}");
        await rogue.EndAsync();
        Assert.Equal(["before", garbage, "between", garbage, garbage], await healthy.StopAndCheckAsync(listener, Log, folder));
        var failure = Assert.Single(listener.Failures);
        Assert.Equal(("client rogue (pid 4711)", FailureSeverity.Permanent), (failure.Source, failure.Severity));
        Assert.StartsWith("A line is no record, and is in the log as a warning", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, listener.Lost);
    }

    [Fact]
    public async Task Such_a_record_is_a_warning_of_the_listener_and_says_why()
    {
        var listener = await ListenerFactory.StartAsync(new ListenerOptions
        {
            Name = TestListener.NewName(),
            File = new() { Path = folder.Combine("run.log") },
            NoHeader = true,
            Template = "{Level} {Category} {Process} {Sequence} {Message} {Reason}",
        });
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        await rogue.SendAsync("{\"message\":\"a\",\"process\":\"rogue\"}\n{\"message\":x}\n");
        await rogue.EndAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(
            [
                "Information  rogue 1 a ",
                "Warning Client.QueueLog.Listener rogue 2 {\"message\":x} It is no JSON: 'x' is an invalid start of a value. That is byte 11.",
            ],
            folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Binary_and_broken_UTF_8_neither_break_the_log_nor_forge_a_line_in_it()
    {
        var (listener, healthy) = await StartAsync();
        var noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        await rogue.SendAsync(new byte[] { (byte)'{', 0xFF, 0xC0, 0, 1, 0x1B });
        await rogue.SendAsync(noise);
        await rogue.SendAsync((byte[])[.. "\n{\"message\":\"a"u8, 0xC3, 0x28, .. "\"}\n"u8]);
        await rogue.EndAsync();
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        var expected = noise.Count(value => value == '\n') + 2;
        Assert.InRange(others.Count(line => !line.StartsWith("    ", StringComparison.Ordinal)), expected - 5, expected);
        Assert.Equal("a\uFFFD(", others[^1]);
        Assert.DoesNotContain(others, line => line.Any(c => char.IsControl(c) && c != '\t'));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task A_line_that_is_nested_a_million_times_is_a_long_message_and_no_more(string part)
    {
        var (listener, healthy) = await StartAsync();
        var line = $"{{\"deep\":{string.Concat(Enumerable.Repeat(part, 1_000_000))}";
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        await rogue.SendAsync(line + "\n");
        await rogue.EndAsync();
        Assert.Equal([line], await healthy.StopAndCheckAsync(listener, Log, folder));
    }

    [Fact]
    public async Task A_line_without_end_is_cut_off_at_the_limit_and_its_beginning_kept()
    {
        var (listener, healthy) = await StartAsync();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        await rogue.SendAsync("{\"message\":\"before\",\"process\":\"rogue\",\"pid\":4711}\n{\"message\":\"endless");
        var part = new byte[1024 * 1024];
        Array.Fill(part, (byte)'x');
        var sent = 0;
        while (sent < 100 && await rogue.TrySendAsync(part))
        {
            sent++;
        }

        // The socket's own buffer takes a little more than the listener.
        Assert.InRange(sent, 60, 66);
        await rogue.WaitUntilEndedAsync();
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal("before", others[0]);
        Assert.StartsWith("{\"message\":\"endlessxxx", others[1], StringComparison.Ordinal);
        Assert.Equal((2, 4096), (others.Length, others[1].Length));
        var failure = Assert.Single(listener.Failures);
        Assert.Equal(("client rogue (pid 4711)", FailureSeverity.Final), (failure.Source, failure.Severity));
        Assert.Equal($"Cut off: A line has more than {ProtocolLimits.MaxLineLength} bytes.", failure.Message);
        GC.Collect();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task The_longest_line_there_may_be_is_a_record()
    {
        var (listener, healthy) = await StartAsync();
        var text = new string('x', ProtocolLimits.MaxLineLength - "{\"message\":\"\"}".Length);
        await using var large = await LineClient.ConnectAsync(listener.Address);
        await large.SendAsync($"{{\"message\":\"{text}\"}}\n{{\"message\":\"next\"}}\n");
        await large.EndAsync();
        Assert.Equal([text, "next"], await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_line_that_comes_byte_by_byte_has_all_the_time_there_is()
    {
        var (listener, healthy) = await StartAsync(options => options with { GreetingTimeout = TimeSpan.FromMilliseconds(100) });
        await using var slow = await LineClient.ConnectAsync(listener.Address);
        await using var silent = await LineClient.ConnectAsync(listener.Address);
        await slow.SendAsync("{");

        // When the silent one is cut off, the slow one has long had its time.
        await silent.WaitUntilEndedAsync();
        foreach (var part in "\"message\":\"slow but whole\"}\n"u8.ToArray())
        {
            await slow.SendAsync(new[] { part });
            await healthy.WriteAsync(3);
        }

        Assert.Equal("{\"flushed\":1,\"written\":true,\"records\":1}", await slow.FlushAsync(1));
        Assert.Equal(["slow but whole"], await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.StartsWith("Cut off: it connected and did not greet", Assert.Single(listener.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_is_cut_off_before_its_answers_fill_the_memory()
    {
        var (listener, healthy) = await StartAsync();
        await using var rogue = await LineClient.ConnectAsync(listener.Address);
        var flushes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"flush\":1}\n", 5000)));
        var cutOff = false;
        for (var i = 0; i < 200 && !cutOff; i++)
        {
            cutOff = !await rogue.TrySendAsync(flushes);
        }

        Assert.True(cutOff);
        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Contains("answers unread", Assert.Single(listener.Failures).Message);
    }

    [Fact]
    public async Task A_thousand_short_connections_leave_nothing_behind_but_their_records()
    {
        var (listener, healthy) = await StartAsync();
        for (var i = 0; i < 1000; i++)
        {
            await using var client = await LineClient.ConnectAsync(listener.Address);
            await client.SendAsync(i % 10 == 0 ? $"{{{i} rubbish" : $"{{\"message\":\"{i}\"}}");
            if (i % 100 == 0)
            {
                await healthy.WriteAsync(3);
            }
        }

        await Eventually.TrueAsync(() => listener.Clients.Count(client => client.IsConnected) == 1, "all have been seen to end");
        var others = await healthy.StopAndCheckAsync(listener, Log, folder);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i % 10 == 0 ? $"{{{i} rubbish" : $"{i}").Order(), others.Order());
    }

    private async Task<(LogListener Listener, HealthyWriter Healthy)> StartAsync(Func<ListenerOptions, ListenerOptions>? change = null)
    {
        var listener = TestListener.Start(folder.Combine("run.log"), change ?? (options => options));
        var healthy = await HealthyWriter.ConnectAsync(listener);
        await healthy.WriteAsync();
        return (listener, healthy);
    }
}
