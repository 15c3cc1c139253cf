using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>Several sinks on one listener, in scripts of real processes.</summary>
public sealed class NewLogSinkTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ten_workers_and_two_files_each_with_its_own_level_filter_and_template()
    {
        var result = await RunAsync("""
            $sinks = @(
                New-LogSink ./logs/errors.log -MinimumLevel Error -Template '{Level:u3} {Worker} {Message}' -NoHeader
                New-LogSink ./logs/db.json -MinimumLevel Debug -Filter { $_.Category -like 'Db*' } -Format Json -NoHeader
            )
            $listener = Start-LogListener ./logs/run.log -Template '{Message}' -NoHeader -Sink $sinks
            0..99 | Invoke-WorkerPool -Count 10 -ScriptBlock {
                Write-QueueLog "error $_" -Level Error
                Write-QueueLog "debug $_" -Level Debug
                Write-QueueLog "db debug $_" -Level Debug -Category Db.Import
                Write-QueueLog "db $_" -Category DbOther
                Write-QueueLog "other $_" -Category Web
            }
            Stop-LogListener | Out-Null
            foreach ($sink in $listener.Sinks) { "$($sink.MinimumLevel) $($sink.LeftOut) $($sink.Failures) $($sink.Taken -eq $sink.Written + $sink.Filtered)" }
            """);
        Assert.Equal(["Information 0 0 True", "Error 0 0 True", "Debug 0 0 True"], result.Lines);
        var errors = folder.ReadLines("logs", "errors.log");
        Assert.Equal(100, errors.Length);
        Assert.All(errors, line => Assert.Matches(@"^ERR Worker-\d+ error \d+$", line));
        Assert.Equal(200, folder.ReadLines("logs", "db.json").Count(line => Regex.IsMatch(line, "\"@m\":\"db (debug )?\\d+\"")));
        Assert.Equal(200, folder.ReadLines("logs", "db.json").Length);
        var log = folder.ReadLines("logs", "run.log");
        Assert.Equal(300, log.Count(line => Regex.IsMatch(line, @"^(error|db|other) \d+$")));
        Assert.DoesNotContain(log, line => line.Contains("debug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_sinks_and_no_log_of_its_own()
    {
        await RunAsync("""
            $listener = Start-LogListener -Sink (New-LogSink ./a.log -Template '{Message}' -NoHeader), (New-LogSink './by-{Category}.log' -Template '{Message}' -NoHeader)
            if ($null -ne $listener.Path) { throw "it has the path $($listener.Path)" }
            'one', 'two' | Write-QueueLog -Category X
            Write-QueueLog 'three' -Category Y
            Stop-LogListener | Out-Null
            """);
        Assert.Equal(["one", "two", "three"], folder.ReadLines("a.log"));
        Assert.Equal(["one", "two"], folder.ReadLines("by-X.log"));
        Assert.Equal(["three"], folder.ReadLines("by-Y.log"));
    }

    [Fact]
    public async Task Consoles_with_levels_and_templates_of_their_own_write_whole_lines_beside_each_other()
    {
        var result = await RunAsync("""
            $sinks = (New-LogSink -Console -MinimumLevel Error -Template 'LOUD {Message}'), (New-LogSink -Console -Format Logfmt)
            Start-LogListener -Console -ConsoleTemplate 'plain {Message}' -Sink $sinks | Out-Null
            1..2000 | ForEach-Object { Write-QueueLog "$_" }
            Write-QueueLog 'the end' -Level Error
            Stop-LogListener | Out-Null
            """, mayShow: true);
        var lines = result.ErrorLines;
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => $"plain {i}").Append("plain the end"), lines.Where(line => line.StartsWith("plain", StringComparison.Ordinal)));
        Assert.Equal(["LOUD the end"], lines.Where(line => line.StartsWith("LOUD", StringComparison.Ordinal)));
        Assert.Equal(2001, lines.Count(line => line.Contains("level=", StringComparison.Ordinal) || line.Contains("msg=", StringComparison.Ordinal)));
        Assert.Equal(4003, lines.Length);
    }

    [Fact]
    public async Task A_file_of_a_sink_rolls_by_its_own_options()
    {
        await RunAsync("""
            $listener = Start-LogListener ./run.log -Sink (New-LogSink ./small.log -Template '{Message}' -NoHeader -MaxFileSize 20 -MaxFiles 3)
            1..20 | ForEach-Object { Write-QueueLog "message $($_ + 10)" }
            Stop-LogListener | Out-Null
            """);
        Assert.Equal(["run.log", "small.log", "small.log.1", "small.log.2", "small.log.3"], folder.FilesIn());
        Assert.Equal(["message 29", "message 30"], new[] { "small.log.1", "small.log" }.SelectMany(name => folder.ReadLines(name)).TakeLast(2));
    }

    [Fact]
    public async Task Old_files_of_a_sink_are_compressed_when_the_stop_returns()
    {
        await RunAsync("""
            $listener = Start-LogListener ./run.log -Sink (New-LogSink ./small.log -Template '{Message}' -NoHeader -MaxFileSize 20 -MaxTotalSize 1MB -Compress)
            1..20 | ForEach-Object { Write-QueueLog "message $($_ + 10)" }
            Stop-LogListener | Out-Null
            """);
        Assert.Equal(["run.log", "small.log", .. Enumerable.Range(1, 19).Select(i => $"small.log.{i}.gz").Order(StringComparer.Ordinal)], folder.FilesIn());
    }

    [Fact]
    public async Task The_writers_keep_back_what_no_sink_wants_and_a_change_of_the_level_reaches_the_sinks_without_one()
    {
        var result = await RunAsync("""
            $sinks = (New-LogSink ./follows.log -Template '{Message}' -NoHeader), (New-LogSink ./own.log -MinimumLevel Error -Template '{Message}' -NoHeader)
            $listener = Start-LogListener ./run.log -MinimumLevel Warning -Template '{Message}' -NoHeader -Sink $sinks
            $logger = Get-QueueLogger
            $logger.IsEnabled('Information')
            Write-QueueLog 'quiet'
            $listener | Set-LogListener -MinimumLevel Information
            Write-QueueLog 'now'
            $listener | Set-LogListener -MinimumLevel Critical
            Write-QueueLog 'own' -Level Error
            $logger.IsEnabled('Warning')
            $logger.IsEnabled('Error')
            Stop-LogListener | Out-Null
            """);
        Assert.Equal(["False", "False", "True"], result.Lines);
        Assert.Equal(["now"], folder.ReadLines("run.log"));
        Assert.Equal(["now"], folder.ReadLines("follows.log"));
        Assert.Equal(["own"], folder.ReadLines("own.log"));
    }

    [Fact]
    public async Task Whatever_becomes_of_a_sink_on_a_full_disk_the_log_has_everything_and_says_what_that_lacks()
    {
        using var disk = new SmallDisk();
        disk.Fill(leave: 0);
        var result = await RunAsync($$"""
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink (New-LogSink '{{disk.Combine("full.log")}}' -Name full -Template '{Message}' -NoHeader -QueueSize 64KB)
            1..5000 | ForEach-Object { Write-QueueLog "$_ $('x' * 50)" }
            Write-QueueLog 'last' -Wait
            $state = $listener.Sinks[1]
            "$($listener.State) $($state.IsBehind) $($state.Written) $($state.LeftOut -gt 0)"
            [IO.File]::Delete('{{disk.Combine("filler")}}')
            while (-not ((Get-Content ./run.log) -like '*has caught up')) { Start-Sleep -Milliseconds 20 }
            Write-QueueLog 'there is room'
            $listener | Stop-LogListener -WarningAction SilentlyContinue | Out-Null
            $state = $listener.Sinks[1]
            $state.Taken -eq $state.Written + $state.LeftOut
            $state.LeftOut
            """);
        Assert.Equal(["Running True 0 True", "True"], result.Lines[..2]);
        var log = folder.ReadLines("run.log");
        Assert.Equal(5000, log.Count(line => line.Contains(" xxx", StringComparison.Ordinal)));
        Assert.Contains($"{result.Lines[2]} records were left out of sink full, which was behind and has caught up", log);
        Assert.Contains(log, line => line.StartsWith("Sink full: Could not write to 'full': ", StringComparison.Ordinal));
        Assert.Equal("there is room", disk.ReadLines("full.log")[^1]);
    }

    [Fact]
    public async Task A_listener_that_is_killed_keeps_its_log_and_the_next_one_goes_on_in_the_files_of_its_sinks()
    {
        const string Start = """
            $sinks = (New-LogSink ./side.log -Template '{Message}' -NoHeader), (New-LogSink -ScriptBlock { Start-Sleep -Milliseconds 1 })
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader -Sink $sinks
            """;
        using (var host = Script.Start($$"""
            Set-Location '{{folder.Path}}'
            {{Start}}
            1..3000 | ForEach-Object { Write-QueueLog "before $_" }
            'written'
            [Console]::In.ReadLine()
            """))
        {
            Assert.Equal("written", await host.ReadLineAsync());
            host.Signal("KILL");
            await host.CompleteAsync();
        }

        await RunAsync($$"""
            {{Start}}
            Write-QueueLog 'after'
            Stop-LogListener | Out-Null
            """);
        var before = Enumerable.Range(1, 3000).Select(i => $"before {i}").ToArray();
        Assert.Equal(before, folder.ReadLines("run.log").Where(line => line.StartsWith("before", StringComparison.Ordinal)));

        // Its lines are whole and in order; what was in its queue it may lack, and a batch that was under way it may have twice.
        var side = folder.ReadLines("side.log");
        Assert.Equal("after", side[^1]);
        Assert.Empty(side.Where(line => line.StartsWith("before", StringComparison.Ordinal)).Except(before));
    }

    [Fact]
    public async Task A_file_has_one_owner_and_a_listener_that_cannot_start_leaves_nothing_behind()
    {
        var result = await RunAsync("""
            $sink = New-LogSink ./side.log
            $script = New-LogSink -ScriptBlock { }
            $one = Start-LogListener ./one.log -Sink $sink
            foreach ($attempt in { Start-LogListener ./two.log -Sink $script, $sink }, { Start-LogListener ./side.log }, { Start-LogListener ./two.log -Sink (New-LogSink ./two.log) }) {
                try { & $attempt; 'started' } catch { $_.FullyQualifiedErrorId }
            }
            $one | Stop-LogListener | Out-Null
            $two = Start-LogListener ./two.log -Sink $script, $sink
            $two | Stop-LogListener | ForEach-Object State
            """);
        Assert.Equal([.. Enumerable.Repeat("LogFileInUse,QueueLog.PowerShell.Commands.StartLogListenerCommand", 3), "Stopped"], result.Lines);
    }

    [Theory]
    [InlineData("-Template '{Level'", "InvalidTemplate")]
    [InlineData("-Template x -Format Json", "TemplateNeedsText")]
    [InlineData("-MaxFileSize 2KB -MaxTotalSize 1KB", "FileLargerThanTotal")]
    [InlineData("-Filter { $using:missing }", "UsingVariableUndefined")]
    [InlineData("-QueueSize 1", "ParameterArgumentValidationError")]
    [InlineData("-MaxFiles -1", "ParameterArgumentValidationError")]
    [InlineData("-MinimumLevel Loud", "ParameterArgumentTransformationError")]
    [InlineData("-Console", "PositionalParameterNotFound")]
    public async Task A_wrong_description_is_an_error_at_once(string arguments, string id)
    {
        var result = await RunAsync($"try {{ New-LogSink ./x.log {arguments} }} catch {{ $_.FullyQualifiedErrorId }}");
        Assert.Equal([$"{id},QueueLog.PowerShell.Commands.NewLogSinkCommand"], result.Lines);
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public async Task The_description_can_be_read()
    {
        var result = await RunAsync("""
            $sink = New-LogSink ./a.log -MinimumLevel Error -Filter { $_.Category -eq 'x' } -Template '{Message}' -MaxFileSize 1MB -MaxFiles 3 -QueueSize 1MB
            "$($sink.Name -eq $sink.Path) $($sink.Kind) $($sink.MinimumLevel) $($sink.Template) $($sink.Filter.Trim()) $($sink.MaxFileSize) $($sink.MaxFiles) $($sink.Overwrite) $($sink.QueueSize)"
            $sink = New-LogSink -ScriptBlock { 'code' } -Name mine
            "$($sink.Name) $($sink.Kind) [$($sink.MinimumLevel)] [$($sink.Path)] $($sink.ScriptBlock.Trim())"
            """);
        Assert.Equal(["True File Error {Message} $_.Category -eq 'x' 1048576 3 False 1048576", "mine Script [] [] 'code'"], result.Lines);
    }

    [Fact]
    public async Task A_logger_takes_records_and_what_is_none_is_refused()
    {
        var result = await RunAsync($$"""
            $library = [System.Reflection.Assembly]::LoadFrom('{{Path.Combine(Repository.Root, "bin", "Logging", "Microsoft.Extensions.Logging.Abstractions.dll")}}')
            $factory = $library.GetType('Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory')::new()
            $listener = Start-LogListener ./run.log -Sink (New-LogSink -Logger $factory -MinimumLevel Warning), (New-LogSink -Logger $factory -Filter { $_.Category -eq 'x' })
            'one', 'two' | Write-QueueLog -Level Warning
            Write-QueueLog 'three' -Category x
            $listener | Stop-LogListener | Out-Null
            foreach ($sink in $listener.Sinks) { "$($sink.Kind) $($sink.Taken) $($sink.Filtered) $($sink.Written)" }
            try { New-LogSink -Logger 'text' } catch { $_.FullyQualifiedErrorId }
            """);
        Assert.Equal(["File 3 0 3", "Logger 2 0 2", "Logger 3 2 1", "NotALogger,QueueLog.PowerShell.Commands.NewLogSinkCommand"], result.Lines);
    }

    private async Task<PwshResult> RunAsync(string script, bool mayShow = false)
    {
        var result = await Script.RunAsync(folder, "$ErrorActionPreference = 'Stop'\n" + script);
        Assert.True(mayShow || result.Error.Length == 0, result.Error);
        Assert.Equal(0, result.ExitCode);
        return result;
    }
}
