using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using Level = QueueLog.Records.LogLevel;

namespace QueueLog.Tests.Extensions;

/// <summary>Real programs with a logger factory or a host of their own.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_logged_before_a_SIGKILL_is_in_the_log()
    {
        var listener = await StartAsync("{Message}");
        using (var program = ProgramProcess.Start(listener.Address, "burst", "App", "2000"))
        {
            Assert.Equal("ready", await program.ReadLineAsync());
            await program.SendAsync("go", "done");
            await program.KillAsync();
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Numbers("App", 2000), folder.ReadLines("run.log").Where(line => line.StartsWith("App ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Everything_logged_before_a_SIGKILL_is_in_the_log_of_the_next_listener_when_the_first_was_killed_before()
    {
        ProgramProcess program;
        using (var session = Script.Start($"(Start-LogListener -PassThru '{folder.Combine("run.log")}' -Template '{{Message}}').Address; [Console]::In.ReadLine()"))
        {
            program = ProgramProcess.Start(await session.ReadLineAsync(), "burst", "App", "2000");
            Assert.Equal("ready", await program.ReadLineAsync());

            // Killed here, and the program goes on.
        }

        using (program)
        {
            await program.SendAsync("go", "done");
            await program.KillAsync();
        }

        var next = await StartAsync("{Message}");
        await next.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Numbers("App", 2000), folder.ReadLines("run.log").Where(line => line.StartsWith("App ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_program_that_disposes_of_nothing_loses_nothing_and_says_goodbye()
    {
        var listener = await StartAsync("{Process} {Category} {Message}");
        using var program = ProgramProcess.Start(listener.Address, "exit", "App", "500");
        var run = await program.CompleteAsync();
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Numbers("QueueLog.ProgramActor App App", 500), folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_program_run_by_dotnet_has_its_own_name_in_the_log()
    {
        var listener = await StartAsync("{Process} {Message}");
        using var program = ProgramProcess.StartByDotNet(listener.Address, "exit", "App", "1");
        Assert.Equal(0, (await program.CompleteAsync()).ExitCode);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["QueueLog.ProgramActor App 1"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Two_programs_and_a_session_log_into_one_file()
    {
        var run = await Script.RunAsync(folder, $$"""
            Start-LogListener ./run.log -Template '{Process} {Message}' -NoHeader
            $programs = 'A', 'B' | ForEach-Object { Start-Process -FilePath '{{ProgramProcess.Executable}}' -ArgumentList 'exit', $_, '1000' -PassThru }
            foreach ($number in 1..1000) { Write-QueueLog "S $number" }
            foreach ($program in $programs) { $program.WaitForExit(); "exit code $($program.ExitCode)" }
            Stop-LogListener
            """);
        Assert.Equal("", run.Error);
        Assert.Equal(["exit code 0", "exit code 0"], run.Lines);
        var lines = folder.ReadLines("run.log");
        Assert.Equal(3000, lines.Length);
        Assert.Equal(Numbers("QueueLog.ProgramActor A", 1000), lines.Where(line => line.Contains(" A ", StringComparison.Ordinal)));
        Assert.Equal(Numbers("QueueLog.ProgramActor B", 1000), lines.Where(line => line.Contains(" B ", StringComparison.Ordinal)));
        Assert.Equal(Numbers("pwsh S", 1000), lines.Where(line => line.Contains(" S ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hosts_configuration_says_what_is_logged_and_how()
    {
        await File.WriteAllTextAsync(folder.Combine("appsettings.json"), """
            { "Logging": {
                "LogLevel": { "Default": "Error" },
                "QueueLog": {
                    "ProcessName": "shop",
                    "LogLevel": { "Default": "Warning", "App": "Debug", "App.Web": "None" } } } }
            """);
        var listener = await StartAsync("{Process} {Level} {Category} {Message} ({Request}, {Scope})");
        using var program = ProgramProcess.Start(listener.Address, "host", folder.Path);
        var run = await program.CompleteAsync();
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        string[] expected =
        [
            .. new[] { "Debug", "Information", "Warning", "Error", "Critical" }.Select(level => $"shop {level} App.Db says {level} (7, request 7)"),
            .. new[] { "Warning", "Error", "Critical" }.Select(level => $"shop {level} Other says {level} (7, request 7)"),
        ];
        Assert.Equal(expected, folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_listener_of_the_configuration_goes_before_the_inherited_one()
    {
        var name = TestListener.NewName();
        await File.WriteAllTextAsync(folder.Combine("appsettings.json"), $$"""{ "Logging": { "QueueLog": { "Listener": "{{name}}", "IncludeScopes": false, "LogLevel": { "Default": "Critical" } } } }""");
        var inherited = await TestListener.StartAsync(folder.Combine("inherited.log"));
        var named = await StartAsync("{Category} {Request}{Scope}", name);
        using var program = ProgramProcess.Start(inherited.Address, "host", folder.Path);
        Assert.Equal(0, (await program.CompleteAsync()).ExitCode);
        await inherited.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        await named.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["App.Db ", "App.Web ", "Other "], folder.ReadLines("run.log"));
        Assert.Empty(folder.ReadLines("inherited.log"));
    }

    [Fact]
    public async Task Without_a_listener_a_program_runs_and_warns_once()
    {
        using var program = ProgramProcess.Start(null, "lines");
        await program.SendAsync("one", "one");
        await program.SendAsync("two", "two");
        var run = await program.CompleteAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["QueueLog: there is no listener, since QUEUELOG_PIPE is not set and no Listener was named. Records are not kept. Start one with Start-LogListener."],
            run.ErrorLines);
    }

    [Fact]
    public async Task A_program_can_show_what_no_listener_takes()
    {
        using var program = ProgramProcess.Start(null, "lines", "show");
        await program.SendAsync("one {1}", "one {1}");
        var run = await program.CompleteAsync();
        Assert.Equal(2, run.ErrorLines.Length);
        Assert.Contains("Records are shown here and not kept.", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("Information one {1}", run.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_can_refuse_to_run_without_a_listener()
    {
        using var program = ProgramProcess.Start(null, "lines", "fail");
        var run = await program.CompleteAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("QUEUELOG_PIPE is not set", run.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Numbers(string prefix, int count) => Enumerable.Range(1, count).Select(number => $"{prefix} {number}");

    private Task<LogListener> StartAsync(string template, string? name = null) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = name ?? TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        Template = template,
        NoHeader = true,
        MinimumLevel = Level.Trace,
    });
}
