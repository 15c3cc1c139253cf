using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.RegularExpressions;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Clients;

/// <summary>The commands in docs/protocol.md, as they stand there, and what else is said there of nc.</summary>
public sealed class ProtocolPageTests : IDisposable
{
    private const string NetCat = "/usr/bin/nc";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_lines_of_shell_log_what_they_say_and_it_is_written_when_they_end()
    {
        SkipUnlessThereIsNetCat();
        var listener = await StartAsync();
        var lines = Block("shell").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("", await ShellAsync(listener, lines[0]));
        Assert.Equal(["Warning||nc|disk almost full|"], folder.ReadLines("run.log"));
        await ShellAsync(listener, lines[1]);
        Assert.Matches(@"^Information\|df\|nc\|disk\|\{used=\d+\}$", folder.ReadLines("run.log")[1]);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task The_lines_of_CSharp_are_those_that_run_here()
    {
        var listener = await StartAsync();
        var page = Block("csharp").ReplaceLineEndings("\n");
        var code = string.Concat(page.Split('\n').Select(line => line.Trim()));
        var source = string.Concat(File.ReadLines(Path.Combine(Repository.Root, "tests", "QueueLog.Tests", "Clients", "ProtocolPageTests.cs")).Select(line => line.Trim()));
        Assert.Contains(code.Replace("Environment.GetEnvironmentVariable(\"QUEUELOG_PIPE\")!", "listener.Address"), source, StringComparison.Ordinal);
        Send();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.EndsWith("|disk almost full|", Assert.Single(folder.ReadLines("run.log")), StringComparison.Ordinal);

        void Send()
        {
            var address = listener.Address.Replace(@"\\.\pipe\", "");
            using var pipe = new NamedPipeClientStream(".", address, PipeDirection.InOut);
            pipe.Connect(5000);
            pipe.Write("{\"level\":\"Warning\",\"message\":\"disk almost full\"}\n"u8);
        }
    }

    [Fact]
    public async Task Answers_are_printed_by_nc()
    {
        SkipUnlessThereIsNetCat();
        var listener = await StartAsync();
        var output = await ShellAsync(listener, """printf '{"message":"a"}\n{"message":"b"}\n{"flush":1}' | nc -N -U "$QUEUELOG_PIPE" """);
        Assert.Equal("{\"flushed\":1,\"written\":true,\"records\":2}\n{\"closed\":true,\"written\":true,\"records\":2}\n", output);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_line_through_nc_that_stays_open_is_written_all_the_same()
    {
        SkipUnlessThereIsNetCat();
        var listener = await StartAsync();
        using var shell = Start(listener, """printf '{"message":"a"}\n{"message":"b"}' | nc -U "$QUEUELOG_PIPE" """);
        await Eventually.TrueAsync(() => listener.Written == 1, "the whole line is written");
        Assert.True(listener.Clients[0].IsConnected);

        // The listener ends what nc does not end by itself, and takes the line that has no end as one.
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await shell.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        Assert.Equal(["Information||nc|a|", "Information||nc|b|"], folder.ReadLines("run.log"));
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_log_in_the_compact_format_can_be_piped_in()
    {
        SkipUnlessThereIsNetCat();
        var listener = await StartAsync();
        File.WriteAllLines(folder.Combine("old.json"), Enumerable.Range(0, 2000).Select(i =>
            $$"""{"@t":"2026-11-25T14:03:05.1234567+01:00","@m":"{{i}}","@l":"Error","Process":"old","Pid":9,"Sequence":{{i + 1}}}"""));
        await ShellAsync(listener, $"""nc -N -U "$QUEUELOG_PIPE" < '{folder.Combine("old.json")}' """);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"Error||old|{i}|{{Sequence={i + 1}}}"), folder.ReadLines("run.log"));
    }

    [Fact]
    public void Every_field_of_the_page_is_one_of_the_reader()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));
        var table = page[page.IndexOf("| name | value |", StringComparison.Ordinal)..page.IndexOf("Every other name is a property", StringComparison.Ordinal)];
        var names = Regex.Matches(table, @"^\|([^|]*)\|", RegexOptions.Multiline).SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([a-z]+)`").Select(name => name.Groups[1].Value)).ToArray();
        Assert.Equal(17, names.Length);
        Assert.All(names, name => Assert.NotEqual(QueueLog.Listener.JsonLines.LineField.None, QueueLog.Listener.JsonLines.LineFields.Of(Encoding.UTF8.GetBytes(name), isCompact: false)));
    }

    private static void SkipUnlessThereIsNetCat() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(NetCat), "nc of OpenBSD is not installed.");

    private static string Block(string name)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));
        return Regex.Match(page, $"<!-- {name} -->\n```\\w+\n(.*?)\n```", RegexOptions.Singleline).Groups[1].Value;
    }

    private static Process Start(LogListener listener, string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["QUEUELOG_PIPE"] = listener.Address;
        return Process.Start(start)!;
    }

    private static async Task<string> ShellAsync(LogListener listener, string line)
    {
        using var shell = Start(listener, line);
        var output = shell.StandardOutput.ReadToEndAsync();
        var error = shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        Assert.Equal("", await error);
        return await output;
    }

    private Task<LogListener> StartAsync() => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        NoHeader = true,
        Template = "{Level}|{Category}|{Process}|{Message}|{Properties}",
        MinimumLevel = LogLevel.Trace,
    });
}
