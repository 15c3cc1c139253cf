using System.Text;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener.JsonLines;

/// <summary>Programs that send JSON lines to a listener.</summary>
public sealed class JsonLineTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"message\":\"a\"}\n{\"message\":\"b\"}\n")]
    [InlineData("{\"message\":\"a\"}\r\n\r\n{\"message\":\"b\"}\r\n")]
    [InlineData("{\"message\":\"a\"}\n{\"message\":\"b\"}")]
    [InlineData(" \t\n\n  {\"message\":\"a\"}\n{\"message\":\"b\"}\n \n")]
    [InlineData("\uFEFF{\"message\":\"a\"}\n{\"message\":\"b\"}\n")]
    [InlineData("\n{\n{\"message\":\"a\"}\n{\"message\":\"b\"}\n", "{")]
    public async Task When_the_end_of_the_connection_is_answered_all_lines_are_in_the_file(string text, params string[] before)
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using (var client = await LineClient.ConnectAsync(listener.Address))
        {
            await client.SendAsync(text);
            await client.EndAsync();
            if (LineClient.CanCloseSending)
            {
                Assert.Equal([.. before, "a", "b"], folder.ReadLines("run.log"));
            }
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal([.. before, "a", "b"], folder.ReadLines("run.log"));
        Assert.Equal(before.Length, listener.Failures.Count);
        Assert.Equal((2 + before.Length, 2 + before.Length, 0), (listener.Received, listener.Written, listener.Lost));
    }

    [Theory]
    [InlineData("{}", "\\")]
    [InlineData("{", "{")]
    [InlineData("{\"", "{\"")]
    [InlineData("\n", null)]
    [InlineData("\n\n\n\n\n", null)]
    public async Task The_shortest_lines_of_all(string text, string? expected)
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(text);
        await client.EndAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(expected is null ? [] : [expected], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_greeting_of_frames_may_begin_with_any_byte()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        var starts = new HashSet<byte>();
        for (var length = 1; length < 300; length++)
        {
            var hello = Encoded.Hello(new string('n', length));
            starts.Add(hello[0]);
            await using var client = await RawClient.GreetAsync(listener.Address, new string('n', length));
            Assert.NotNull(client.Listener);
        }

        Assert.Superset(new HashSet<byte> { (byte)'{', (byte)' ', (byte)'\n', 0xEF }, starts);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_client_is_listed_by_what_its_first_record_says_and_else_by_its_process()
    {
        var listener = await StartAsync("{Process} {Pid} {Sequence} {Message}");
        await using var said = await LineClient.ConnectAsync(listener.Address);
        await said.SendAsync("""
            {"message":"a","process":"importer","pid":77}
            {"message":"b"}
            {"message":"c","process":"other"}

            """);
        await using var silent = await LineClient.ConnectAsync(listener.Address);
        Assert.NotNull(await said.FlushAsync(1));
        await silent.SendAsync("{\"message\":\"d\"}\n");
        Assert.NotNull(await silent.FlushAsync(1));
        var own = System.Diagnostics.Process.GetCurrentProcess();
        Assert.Equal(
            [new ClientStatistics("importer", 77, true, false, 3, 3, 0, 3), new ClientStatistics(own.ProcessName, own.Id, true, false, 1, 1, 0, 1)],
            listener.Clients.OrderByDescending(client => client.Received));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["importer 77 1 a", "importer 77 2 b", "other 77 3 c", $"{own.ProcessName} {own.Id} 1 d"], folder.ReadLines("run.log"));
        Assert.All(listener.Clients, client => Assert.False(client.IsConnected));
    }

    [Fact]
    public async Task A_flush_is_answered_when_everything_before_it_is_in_the_file()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LineClient.ConnectAsync(listener.Address);
        for (var i = 1; i <= 300; i++)
        {
            await client.SendAsync($"{{\"message\":\"{i}\"}}\n");
            Assert.Equal($"{{\"flushed\":{i},\"written\":true,\"records\":{i}}}", await client.FlushAsync(i));
            Assert.Equal($"{i}", folder.ReadLines("run.log")[^1]);
        }

        await client.SendAsync("{\"message\":\"last\"}\n");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal("{\"closed\":true,\"written\":true,\"records\":301}", await client.HearAsync());
        Assert.Null(await client.HearAsync());
        Assert.Equal("last", folder.ReadLines("run.log")[^1]);
    }

    [Fact]
    public async Task A_flush_without_the_end_of_its_line_is_answered_at_the_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows cannot be closed in one direction.");
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync("{\"message\":\"a\"}\n{\"flush\":9}");
        client.CloseSending();
        Assert.Equal("{\"flushed\":9,\"written\":true,\"records\":1}", await client.HearAsync());
        Assert.Equal("{\"closed\":true,\"written\":true,\"records\":1}", await client.HearAsync());
        Assert.Null(await client.HearAsync());
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_client_that_asked_nothing_hears_nothing()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync("{\"message\":\"a\"}\nrubbish\n");
        await Eventually.TrueAsync(() => listener.Written == 2, "both lines are written");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Null(await client.HearAsync());
    }

    [Fact]
    public async Task The_last_answer_does_not_count_a_line_that_was_cut_off()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync("{\"message\":\"whole\"}\n");
        await client.FlushAsync(1);
        await client.SendAsync("{\"message\":\"cut o");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal("{\"closed\":true,\"written\":true,\"records\":1}", await client.HearAsync());
        Assert.Equal(["whole", "{\"message\":\"cut o"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_has_nothing_to_say_and_takes_all_that_was_sent()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var idle = await LineClient.ConnectAsync(listener.Address);
        await idle.SendAsync("{\"message\":\"idle\"}\n");
        await idle.FlushAsync(1);
        await using var mute = await LineClient.ConnectAsync(listener.Address);
        var clients = new List<LineClient>();
        for (var i = 0; i < 50; i++)
        {
            var client = await LineClient.ConnectAsync(listener.Address);
            clients.Add(client);
            await client.SendAsync(string.Concat(Enumerable.Range(0, 200).Select(line => $"{{\"message\":\"{i}:{line}\"}}\n")));
        }

        await listener.StopAsync(TimeSpan.FromMinutes(10)).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines("run.log");
        Assert.Equal("idle", lines[0]);
        Assert.Equal(1 + (50 * 200), lines.Length);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Enumerable.Range(0, 200).Select(line => $"{i}:{line}"), lines.Where(line => line.StartsWith($"{i}:", StringComparison.Ordinal)));
            await clients[i].DisposeAsync();
        }

        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task What_was_sent_by_clients_that_are_gone_before_they_were_accepted_is_taken_too()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        for (var i = 0; i < 200; i++)
        {
            await using var client = await LineClient.ConnectAsync(listener.Address);
            await client.SendAsync($"{{\"message\":\"{i}\"}}");
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}").Order(), folder.ReadLines("run.log").Order());
    }

    [Fact]
    public async Task The_levels_of_the_listener_hold_for_lines_too()
    {
        var listener = await StartAsync("{Level} {Message}", LogLevel.Warning);
        await using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync("""
            {"level":"info","message":"a"}
            {"level":"warn","message":"b"}
            {"level":50,"message":"c"}

            """);
        Assert.Equal("{\"flushed\":1,\"written\":true,\"records\":3}", await client.FlushAsync(1));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["Warning b", "Critical c"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_client_is_not_read_while_the_listener_is_behind()
    {
        var gate = new GateSink();
        var listener = TestListener.Start(folder.Combine("run.log"), options => options, gate);
        await using var client = await LineClient.ConnectAsync(listener.Address);
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{{\"message\":\"{new string('x', 1000)}\"}}\n", 20)));
        var (sent, seen, looks) = (0, 0, 0);
        var sending = Task.Run(async () =>
        {
            // Far more than all buffers between the two can hold.
            for (; sent < 60_000; sent += 20)
            {
                await client.SendAsync(lines);
            }
        });
        await gate.Reached.WaitAsync(TestTimeout.Limit);
        await Eventually.TrueAsync(IsStuck, "the client waits");
        Assert.InRange(sent, 100, 20_000);
        gate.Open();
        await sending.WaitAsync(TestTimeout.Limit);
        await client.EndAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(60_000, listener.Written);

        // It looks again and again, and finds the same.
        bool IsStuck()
        {
            var now = Volatile.Read(ref sent);
            looks = now == seen ? looks + 1 : 0;
            seen = now;
            return looks == 20;
        }
    }

    [Fact]
    public async Task A_client_beside_others_of_the_module_gets_its_records_into_the_same_file_in_order()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
        await using var lines = await LineClient.ConnectAsync(listener.Address);
        for (var i = 0; i < 500; i++)
        {
            client.Write(new RecordDraft { Level = LogLevel.Information, Message = $"ring {i}" });
            await lines.SendAsync($"{{\"message\":\"line {i}\"}}\n");
        }

        await lines.EndAsync();
        await client.CloseAsync(TestTimeout.Limit);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var written = folder.ReadLines("run.log");
        foreach (var writer in new[] { "ring", "line" })
        {
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{writer} {i}"), written.Where(line => line.StartsWith(writer, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task The_end_of_a_client_without_a_goodbye_is_no_trouble()
    {
        var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using (var client = await LineClient.ConnectAsync(listener.Address))
        {
            await client.SendAsync("{\"message\":\"a\"}\n{\"flush\":1}\n");
            await Eventually.TrueAsync(() => listener.Written == 1, "the answer is on its way, and is not read");
        }

        await Eventually.TrueAsync(() => listener.Clients is [{ IsConnected: false }], "the end is seen");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["a"], folder.ReadLines("run.log"));
        Assert.Empty(listener.Failures);
    }

    private Task<LogListener> StartAsync(string template, LogLevel minimumLevel = LogLevel.Trace) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        NoHeader = true,
        Template = template,
        MinimumLevel = minimumLevel,
    });
}
