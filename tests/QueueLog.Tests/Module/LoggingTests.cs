using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The logging commands, in scripts of real processes.</summary>
public sealed class LoggingTests : IDisposable
{
    private const string PlainTemplate = "-Template '{Level} {Process} {Message}' -NoHeader";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_written_in_every_way_is_in_the_file_when_the_stop_returns()
    {
        var log = await LogOfAsync($$"""
            $listener = Start-LogListener ./run.log {{PlainTemplate}}
            Write-QueueLog 'plain'
            Write-QueueLog 'item {Item} of {Total}' -ArgumentList 3, 9 -Level Warning
            Write-QueueLog 'user {User}' -Property @{ User = 'Ann' }
            'one', 'two' | Write-QueueLog -Level Error
            $log = Get-QueueLogger
            $log.Info('logger {N}', 1)
            $log.Critical('logger plain')
            1..2 | ForEach-Object -Parallel { Write-QueueLog "parallel $_" }
            Start-Job { Write-QueueLog 'job' } | Receive-Job -Wait -AutoRemoveJob
            Stop-LogListener
            """);
        Assert.Equal(
            ["Information plain", "Warning item 3 of 9", "Information user Ann", "Error one", "Error two", "Information logger 1", "Critical logger plain"],
            log.Take(7).Select(line => line.Replace(" pwsh", "")));
        Assert.Equal(["job", "parallel 1", "parallel 2"], log.Skip(7).Select(line => line.Split(' ', 3)[^1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_child_process_finds_listener_and_module_by_itself()
    {
        File.WriteAllText(folder.Combine("child.ps1"), "Write-QueueLog 'from the child'");
        var log = await LogOfAsync($$"""
            $null = Start-LogListener ./run.log {{PlainTemplate}}
            $child = Start-Process -FilePath ([Environment]::ProcessPath) -ArgumentList '-File', './child.ps1' -PassThru
            $child.WaitForExit()
            Stop-LogListener
            """);
        Assert.Equal(["Information pwsh from the child"], log);
    }

    [Fact]
    public async Task Arguments_and_properties_are_kept_under_their_names()
    {
        var log = await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Item}|{Total}|{Zone}|{Category}|{Message}' -NoHeader
            Write-QueueLog 'item {Item} of {Total}' -ArgumentList 3, 9 -Property @{ Zone = 'b' } -Category Import
            Stop-LogListener
            """);
        Assert.Equal(["3|9|b|Import|item 3 of 9"], log);
    }

    [Fact]
    public async Task An_error_is_logged_once_with_type_message_and_script_stack()
    {
        var log = await LogOfAsync($$"""
            $null = Start-LogListener ./run.log {{PlainTemplate}}
            function Invoke-Failure { throw 'no luck' }
            try { Invoke-Failure } catch { $_ | Write-QueueLog; Write-QueueLog 'while copying' -ErrorRecord $_ -Level Warning }
            try { [int]::Parse('x') } catch { Write-QueueLog 'as exception' -Exception $_.Exception }
            Stop-LogListener
            """);
        Assert.Equal("Error pwsh no luck", log[0]);
        Assert.Contains("System.Management.Automation.RuntimeException", log[1]);
        Assert.Contains("at Invoke-Failure, ", log[2]);
        Assert.Equal("Warning pwsh while copying", log[4]);
        Assert.Single(log, line => line.StartsWith("Error pwsh as exception", StringComparison.Ordinal));
        Assert.Single(log, line => line.Contains("System.FormatException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_logger_of_another_process_than_the_listeners_logs_an_error_with_its_stack()
    {
        var log = await LogOfAsync($$"""
            $null = Start-LogListener ./run.log {{PlainTemplate}}
            1 | Invoke-WorkerPool -Count 1 { try { throw 'no luck' } catch { (Get-QueueLogger).Error($_) } }
            Stop-LogListener
            """);
        Assert.Equal("Error Worker-1 no luck", log[0]);
        Assert.Contains("System.Management.Automation.RuntimeException", log[1]);
    }

    [Fact]
    public async Task What_is_given_as_the_message_is_logged_for_what_it_is()
    {
        var log = await LogOfAsync($$"""
            $null = Start-LogListener ./run.log {{PlainTemplate}}
            try { throw 'no luck' } catch { Write-QueueLog $_ }
            Write-QueueLog ([QueueLog.Records.LogRecord]@{ Message = 'by hand'; Process = 'sensor'; Level = 'Warning' })
            Write-QueueLog @(1, 2)
            Write-QueueLog 5
            Stop-LogListener
            """);
        Assert.Equal("Error pwsh no luck", log[0]);
        Assert.Contains("at <ScriptBlock>", log[2]);
        Assert.Equal(["Warning sensor by hand", "Information pwsh [1, 2]", "Information pwsh 5"], log[^3..]);
    }

    [Fact]
    public async Task What_a_native_program_writes_to_its_error_stream_is_logged_as_the_text_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It runs sh.");
        var log = await LogOfAsync($$"""
            $null = Start-LogListener ./run.log {{PlainTemplate}}
            sh -c 'echo out; echo err >&2' 2>&1 | Write-QueueLog
            Stop-LogListener
            """);
        Assert.Equal(["Information pwsh err", "Information pwsh out"], log.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_record_built_by_hand_keeps_its_own_time_and_origin()
    {
        var log = await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Timestamp:yyyy-MM-dd HH:mm:ss} {Process} {Pid} {Level} {Category} {Temperature} {Message}' -NoHeader
            [QueueLog.Records.LogRecord]@{ Timestamp = '2026-01-31 04:05:06 +01:00'; Level = 'Warning'; Process = 'sensor-7'; Pid = 4711; Category = 'Cooling'; Message = 'hot'; Properties = @{ Temperature = 81 } } | Write-QueueLog
            [pscustomobject]@{ Timestamp = [DateTimeOffset]'2026-01-31 04:05:07 +01:00'; Message = 'object'; Process = 'sensor-8'; Pid = 1; Level = 'warn' } | Write-QueueLog
            @{ Timestamp = [DateTimeOffset]'2026-01-31 04:05:08 +01:00'; Message = 'table'; Process = 'sensor-9'; Pid = 2 } | Write-QueueLog
            Stop-LogListener
            """);
        Assert.Equal(
            [
                "2026-01-31 04:05:06 sensor-7 4711 Warning Cooling 81 hot",
                "2026-01-31 04:05:07 sensor-8 1 Warning   object",
                "2026-01-31 04:05:08 sensor-9 2 Information   table",
            ],
            log);
    }

    [Fact]
    public async Task Line_breaks_control_characters_and_broken_text_cannot_forge_or_break_a_record()
    {
        var log = await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Level} {Message}' -NoHeader
            Write-QueueLog "one`r`nError forged"
            Write-QueueLog ("a" + [char]27 + "[31m" + [char]0 + "b")
            Write-QueueLog ("lone " + [char]0xD800 + " surrogate")
            Write-QueueLog ''
            Write-QueueLog 'end'
            Stop-LogListener
            """);
        Assert.Equal(
            ["Information one", "    Error forged", "Information a\\u001b[31m\\u0000b", "Information lone \uFFFD surrogate", "Information ", "Information end"],
            log);
    }

    [Fact]
    public async Task A_message_of_16_MiB_is_one_whole_line()
    {
        var log = await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            Write-QueueLog ([string]::new('x', 16MB))
            Write-QueueLog 'after'
            Stop-LogListener
            """);
        Assert.Equal([16 * 1024 * 1024, 5], log.Select(line => line.Length));
    }

    [Fact]
    public async Task A_former_log_is_appended_to_and_only_Overwrite_discards_it()
    {
        var log = await LogOfAsync("""
            foreach ($run in 1..2) { $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader; Write-QueueLog "run $run"; $null = Stop-LogListener }
            $null = Start-LogListener ./other.log -Template '{Message}' -NoHeader; Write-QueueLog 'gone'; $null = Stop-LogListener
            $null = Start-LogListener ./other.log -Template '{Message}' -NoHeader -Overwrite; Write-QueueLog 'kept'; $null = Stop-LogListener
            """);
        Assert.Equal(["run 1", "run 2"], log);
        Assert.Equal(["kept"], folder.ReadLines("other.log"));
    }

    [Fact]
    public async Task A_rolling_log_keeps_its_newest_records_in_whole_files()
    {
        await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader -MaxFileSize 300 -MaxFiles 2
            foreach ($i in 1..100) { Write-QueueLog ('line {0:000} ' -f $i).PadRight(50, '.') }
            Stop-LogListener
            """);
        Assert.Equal(["run.log", "run.log.1", "run.log.2"], folder.FilesIn().Where(name => name.StartsWith("run.log", StringComparison.Ordinal)));
        string[] kept = [.. folder.ReadLines("run.log.2"), .. folder.ReadLines("run.log.1"), .. folder.ReadLines("run.log")];
        Assert.All(kept, line => Assert.Equal(50, line.Length));
        Assert.Equal(Enumerable.Range(101 - kept.Length, kept.Length).Select(i => $"line {i:000} "), kept.Select(line => line[..9]));
        Assert.Equal(5, folder.ReadLines("run.log.1").Length);
    }

    [Fact]
    public async Task Old_files_have_dates_are_compressed_and_are_kept_within_limits_as_asked_for()
    {
        foreach (var (name, days) in new[] { ("run.log.2020-01-02", 3000), ("run.log.2020-01-03", 1), ("run.log.2024", 3000) })
        {
            File.WriteAllText(folder.Combine(name), "old\n");
            File.SetLastWriteTimeUtc(folder.Combine(name), DateTime.UtcNow.AddDays(-days));
        }

        await LogOfAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader -RollInterval Day -RollUtc -RollNames Date -MaxFileSize 60 -MaxAge 30d -MaxTotalSize 1MB -Compress
            foreach ($i in 1..12) { Write-QueueLog ('line {0:000} ' -f $i).PadRight(50, '.') }
            Stop-LogListener
            """);
        var names = folder.FilesIn().Where(name => name.StartsWith("run.log", StringComparison.Ordinal)).ToArray();
        Assert.Contains("run.log.2020-01-03.gz", names);
        Assert.Contains("run.log.2024", names);
        Assert.DoesNotContain(names, name => name.StartsWith("run.log.2020-01-02", StringComparison.Ordinal));
        Assert.Equal(11, names.Count(name => System.Text.RegularExpressions.Regex.IsMatch(name, @"^run\.log\.2\d\d\d-\d\d-\d\d(\.\d+)?\.gz$")) - 1);
    }

    [Fact]
    public async Task The_console_has_its_own_template_and_level_and_no_colour_when_redirected()
    {
        var run = await RunAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader -MinimumLevel Debug -Console -ConsoleTemplate '{Process} {Message}' -ConsoleMinimumLevel Warning
            Write-QueueLog 'detail' -Level Debug
            Write-QueueLog 'trouble' -Level Warning
            $null = Stop-LogListener
            """);
        Assert.Equal("pwsh trouble\n", run.Error);
        Assert.Equal(["detail", "trouble"], folder.ReadLines("run.log"));
    }

    [Theory]
    [InlineData("Json", """^\{"@t":"\d{4}-\d\d-\d\dT[^"]+","@m":"item 3 of 9","@mt":"item \{Item\} of \{Total\}","@l":"Warning","Process":"pwsh","Pid":\d+,"SourceContext":"Db","Sequence":1,"_Item":3,"Total":9\}$""")]
    [InlineData("Logfmt", """^ts=\d{4}-\d\d-\d\dT\S+ level=warning msg="item 3 of 9" template="item \{Item\} of \{Total\}" process=pwsh pid=\d+ category=Db seq=1 Item=3 Total=9$""")]
    [InlineData("Csv", """^\d{4}-\d\d-\d\dT[^,]+,Warning,pwsh,\d+,,,,Db,1,,item 3 of 9,item \{Item\} of \{Total\},,,,"\{""Item"":3,""Total"":9\}"$""")]
    public async Task A_log_has_the_format_that_was_asked_for_and_the_console_stays_text(string format, string line)
    {
        var run = await RunAsync($$"""
            $null = Start-LogListener ./run.log -Format {{format}} -Console -ConsoleTemplate '{Message}'
            Write-QueueLog 'item {Item} of {Total}' 3, 9 -Category Db -Level Warning
            $null = Stop-LogListener
            """);
        Assert.Equal("item 3 of 9\n", run.Error);
        var log = folder.ReadLines("run.log");
        Assert.Equal(format == "Csv" ? 2 : 1, log.Length);
        Assert.Matches(line, log[^1]);
    }

    [Fact]
    public async Task A_log_tells_its_template_and_where_its_format_changes_and_without_a_header_neither()
    {
        var log = await LogOfAsync("""
            foreach ($run in 1..2) { $null = Start-LogListener ./run.log -Template '{Level:u3} {Message}'; Write-QueueLog "run $run"; $null = Stop-LogListener }
            $null = Start-LogListener ./run.log -Template '{Message}' -MinimumLevel Error; Write-QueueLog '# QueueLog: json' -Level Error; $null = Stop-LogListener
            $null = Start-LogListener ./bare.log -Template '{Message}' -NoHeader; Write-QueueLog 'one'; $null = Stop-LogListener
            $null = Start-LogListener ./bare.log -Format Csv -NoHeader; Write-QueueLog 'two'; $null = Stop-LogListener
            """);
        Assert.Equal(["# QueueLog: text {Level:u3} {Message}", "INF run 1", "INF run 2", "# QueueLog: text {Message}", " # QueueLog: json"], log);
        Assert.Equal("one", folder.ReadLines("bare.log")[0]);
        Assert.Contains(",Information,", folder.ReadLines("bare.log")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_listeners_in_one_session_each_take_what_is_theirs()
    {
        var run = await RunAsync("""
            $a = Start-LogListener ./a.log -Name "a-$PID" -Template '{Message}' -NoHeader
            $b = Start-LogListener ./b.log -Name "b-$PID" -Template '{Message}' -NoHeader
            Write-QueueLog 'default'
            Write-QueueLog 'by object' -Listener $a
            Write-QueueLog 'by name' -Listener "a-$PID"
            (Get-LogListener).Name -replace $PID
            $null = $b | Stop-LogListener
            Write-QueueLog 'default again'
            $null = Stop-LogListener
            @(Get-LogListener).Count
            """);
        Assert.Equal(["a-", "b-", "0"], run.Lines);
        Assert.Equal(["by object", "by name", "default again"], folder.ReadLines("a.log"));
        Assert.Equal(["default"], folder.ReadLines("b.log"));
    }

    [Fact]
    public async Task Without_a_listener_records_are_shown_the_warning_comes_once_and_nothing_fails()
    {
        var run = await RunAsync("""
            $ErrorActionPreference = 'Stop'
            Write-QueueLog 'first'
            Write-QueueLog 'second {N}' -ArgumentList 2
            'went on'
            """);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("went on", run.Lines[^1]);
        Assert.Single(run.Lines, line => line.EndsWith(" first", StringComparison.Ordinal));
        Assert.Single(run.Lines, line => line.EndsWith(" second 2", StringComparison.Ordinal));
        Assert.Single(run.Lines.Concat(run.ErrorLines), line => line.Contains("no listener", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_script_that_ends_without_stopping_its_listener_loses_nothing()
    {
        var run = await RunAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            foreach ($i in 1..500) { Write-QueueLog "$i" }
            exit 3
            """);
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"{i}"), folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Remove_Module_stops_the_listener_and_loses_nothing()
    {
        var run = await RunAsync("""
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            foreach ($i in 1..500) { Write-QueueLog "$i" }
            Remove-Module QueueLog
            "$($listener.State) $env:QUEUELOG_PIPE"
            """);
        Assert.Equal(["Stopped "], run.Lines);
        Assert.Equal(500, folder.ReadLines("run.log").Length);
    }

    [Fact]
    public async Task Stopping_twice_does_no_harm_and_counts_are_given()
    {
        var run = await RunAsync("""
            $listener = Start-LogListener ./run.log
            1..7 | ForEach-Object { Write-QueueLog "$_" }
            $stopped = Stop-LogListener
            "$($stopped.State) $($stopped.Received) $($stopped.Written) $($stopped.Lost) $($stopped.Clients.Count)"
            $listener | Stop-LogListener | ForEach-Object State
            Stop-LogListener
            """);
        Assert.Equal(["Stopped 7 7 0 1", "Stopped"], run.Lines);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Wait_returns_when_the_record_is_in_the_file()
    {
        var run = await RunAsync("""
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            foreach ($i in 1..20) {
                Write-QueueLog "$i" -Wait
                @([System.IO.File]::ReadAllLines("$PWD/run.log")).Count
            }
            $null = Stop-LogListener
            """);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i}"), run.Lines);
    }

    [Theory]
    [InlineData("Start-LogListener ./folder", "LogPathUnusable")]
    [InlineData("Start-LogListener /dev/null/x/run.log", "LogPathUnusable")]
    [InlineData("Start-LogListener Variable:x", "LogPathNotInFileSystem")]
    [InlineData("Start-LogListener", "NothingToWriteTo")]
    [InlineData("Start-LogListener ./x.log -Name a/b", "InvalidListenerName")]
    [InlineData("Start-LogListener ./x.log -Name ('n' * 200)", "InvalidListenerName")]
    [InlineData("Start-LogListener ./x.log -Template '{Message'", "InvalidTemplate")]
    [InlineData("Start-LogListener ./x.log -Template ''", "InvalidTemplate")]
    [InlineData("Start-LogListener ./x.log -Format Json -Template '{Message}'", "TemplateNeedsText")]
    [InlineData("Start-LogListener './{Nonsense}.log'", "InvalidTemplate")]
    [InlineData("Start-LogListener ./x.log -MaxFileSize 0", "ParameterArgumentValidationError")]
    [InlineData("Start-LogListener ./x.log -MaxTotalSize 0", "ParameterArgumentValidationError")]
    [InlineData("Start-LogListener ./x.log -MaxTotalSize 1MB -MaxFileSize 2MB", "FileLargerThanTotal")]
    [InlineData("Start-LogListener ./x.log -MaxAge 30", "ParameterArgumentTransformationError")]
    [InlineData("Start-LogListener ./x.log -MaxAge 0d", "ParameterArgumentTransformationError")]
    [InlineData("Start-LogListener ./x.log -RollInterval Fortnight", "CannotConvertArgumentNoMessage")]
    [InlineData("Start-LogListener ./x.log -RollNames Letter", "CannotConvertArgumentNoMessage")]
    [InlineData("Start-LogListener ./x.log -MinimumLevel Loud", "ParameterArgumentTransformationError")]
    [InlineData("Start-LogListener ./run.log", "LogFileInUse")]
    [InlineData("Start-LogListener ./x.log -Name \"first-$PID\"", "ListenerNameInUse")]
    [InlineData("Write-QueueLog x -Level Loud", "ParameterArgumentTransformationError")]
    [InlineData("Write-QueueLog", "NothingToLog")]
    [InlineData("Write-QueueLog x -Listener 7", "InvalidListenerArgument")]
    [InlineData("Write-QueueLog x -Listener $stopped", "ListenerStopped")]
    [InlineData("@{ Message = 'x'; Level = 'Loud' } | Write-QueueLog", "InvalidRecord")]
    [InlineData("@{ Message = 'x'; Pid = 'many' } | Write-QueueLog", "InvalidRecord")]
    [InlineData("Write-QueueLog ([string]::new('x', 65MB))", "RecordTruncated")]
    [InlineData("Get-LogListener nobody", "ListenerNotFound")]
    [InlineData("Stop-LogListener nobody", "ListenerNotFound")]
    public async Task Bad_input_gets_an_error_with_its_id_and_the_log_goes_on(string command, string id)
    {
        Directory.CreateDirectory(folder.Combine("folder"));
        var run = await RunAsync($$"""
            $stopped = Start-LogListener ./stopped.log | Stop-LogListener
            $null = Start-LogListener ./run.log -Name "first-$PID" -Template '{Message}' -NoHeader
            Write-QueueLog 'before'
            $caught = $null
            $ErrorActionPreference = 'Stop'
            try { {{command}} } catch { $caught = $_ }
            "$(($caught.FullyQualifiedErrorId -split ',')[0])"
            "$caught"
            Write-QueueLog 'after' -Listener "first-$PID"
            $null = Stop-LogListener "first-$PID"
            """);
        Assert.Equal(id, run.Lines[0]);
        Assert.True(run.Output.Length > id.Length + 20, "The error says nothing.");
        var log = folder.ReadLines("run.log");
        Assert.Equal("before", log[0]);
        Assert.Equal("after", log[^1]);
    }

    [Fact]
    public async Task A_template_error_says_where_and_what_was_expected_and_a_used_name_who_has_it()
    {
        var run = await RunAsync("""
            $first = Start-LogListener ./run.log -Name "first-$PID"
            try { Start-LogListener ./x.log -Template '{Level} {Message' -NoHeader } catch { "$_" }
            try { Start-LogListener ./x.log -Name "first-$PID" } catch { "$_" }
            try { Start-LogListener ./run.log } catch { "$_" }
            "$PID"
            $null = Stop-LogListener
            """);
        var pid = run.Lines[^1];
        Assert.Contains("column", run.Lines[0]);
        Assert.Contains("expected", run.Lines[0]);
        Assert.Contains($"(pid {pid})", run.Lines[1]);
        Assert.Contains("run.log", run.Lines[1]);
        Assert.Contains($"(pid {pid})", run.Lines[2]);
        Assert.False(File.Exists(folder.Combine("x.log")));
    }

    [Fact]
    public async Task A_stopped_listener_is_called_by_its_name()
    {
        var run = await RunAsync("""
            $stopped = Start-LogListener ./run.log -Name "first-$PID" | Stop-LogListener
            try { Write-QueueLog x -Listener $stopped -ErrorAction Stop } catch { "$_" }
            try { Set-LogListener $stopped -MinimumLevel Debug -ErrorAction Stop } catch { "$_" }
            "first-$PID"
            """);
        Assert.Contains($"'{run.Lines[^1]}'", run.Lines[0]);
        Assert.Contains($"'{run.Lines[^1]}'", run.Lines[1]);
    }

    [Fact]
    public async Task A_listener_killed_in_mid_work_leaves_its_name_and_file_to_the_next()
    {
        using (var first = Script.Start($$"""
            Set-Location '{{folder.Path}}'
            $null = Start-LogListener ./run.log -Name 'victim-{{Path.GetFileName(folder.Path)}}' -Template '{Message}' -NoHeader
            Write-QueueLog 'first' -Wait
            [Console]::Out.WriteLine('ready')
            $null = [Console]::In.ReadLine()
            """))
        {
            Assert.Equal("ready", await first.ReadLineAsync());
            first.Signal("KILL");
            await first.CompleteAsync();
        }

        var run = await RunAsync($$"""
            $null = Start-LogListener ./run.log -Name 'victim-{{Path.GetFileName(folder.Path)}}' -Template '{Message}' -NoHeader
            Write-QueueLog 'second'
            $null = Stop-LogListener
            """);
        Assert.Equal("", run.Error);
        var lines = folder.ReadLines("run.log");
        Assert.Equal(3, lines.Length);
        Assert.Equal(("first", "second"), (lines[0], lines[2]));
        Assert.Matches(@"^pwsh \(pid \d+\) ended without a goodbye; its last record was number 1, ", lines[1]);
    }

    [Fact]
    public async Task A_living_writer_joins_the_next_listener_of_its_log_by_itself_whatever_that_is_called()
    {
        using var writer = Script.Start($$"""
            Set-Location '{{folder.Path}}'
            $address = [Console]::In.ReadLine()
            $env:QUEUELOG_PIPE = $address
            Write-QueueLog 'to the first' -Wait
            [Console]::Out.WriteLine('written')
            $null = [Console]::In.ReadLine()
            Write-QueueLog 'between'
            [Console]::Out.WriteLine('written')
            $null = [Console]::In.ReadLine()
            Write-QueueLog 'to the second' -Wait
            [Console]::Out.WriteLine('confirmed')
            """);
        using (var first = Script.Start($$"""
            Set-Location '{{folder.Path}}'
            $null = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            [Console]::Out.WriteLine($env:QUEUELOG_PIPE)
            $null = [Console]::In.ReadLine()
            """))
        {
            await writer.Input.WriteLineAsync(await first.ReadLineAsync() ?? "");
            Assert.Equal("written", await writer.ReadLineAsync());
            first.Signal("KILL");
            await first.CompleteAsync();
        }

        await writer.Input.WriteLineAsync("");
        Assert.Equal("written", await writer.ReadLineAsync());
        using var second = Script.Start($$"""
            Set-Location '{{folder.Path}}'
            $listener = Start-LogListener ./run.log -Template '{Message}' -NoHeader
            while (-not ($listener.Clients | Where-Object IsConnected)) { Start-Sleep -Milliseconds 10 }
            [Console]::Out.WriteLine('joined')
            $null = [Console]::In.ReadLine()
            $null = Stop-LogListener
            """);
        Assert.Equal("joined", await second.ReadLineAsync());
        await writer.Input.WriteLineAsync("");
        Assert.Equal("confirmed", await writer.ReadLineAsync());
        await second.Input.WriteLineAsync("");
        await second.CompleteAsync();
        Assert.Equal(["to the first", "between", "to the second"], folder.ReadLines("run.log").Where(line => !line.StartsWith("pwsh (pid", StringComparison.Ordinal) && !line.Contains("records that", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_log_says_how_a_worker_ended_that_was_killed_and_has_all_that_it_wrote()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var run = await RunAsync("""
            $null = Start-LogListener ./run.log -Template '{Level} {Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 { foreach ($i in 1..100) { Write-QueueLog "line $i" }; Stop-Process -Id $PID -Force } -ErrorAction SilentlyContinue
            $stopped = Stop-LogListener
            "$($stopped.Lost) $($stopped.Failures.Count)"
            """);
        Assert.Equal("0 0", run.Output.Trim());
        var lines = folder.ReadLines("run.log");
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"Information line {i}"), lines[..100]);
        Assert.Matches(@"^Error Worker-1 \(pid \d+\) ended without a goodbye; its last record was number 100, and \d+ were recovered from its journal; it ended by signal 9$", Assert.Single(lines[100..], line => line.Contains("goodbye", StringComparison.Ordinal)));
        Assert.Equal(3, lines[100..].Length);
        Assert.Contains("Warning item 0 failed: its worker died", lines);
    }

    private async Task<string[]> LogOfAsync(string script)
    {
        var run = await RunAsync(script);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        return folder.ReadLines("run.log");
    }

    private Task<PwshResult> RunAsync(string script) => Script.RunAsync(folder, script);
}
