using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The console as a user sees it, on a pseudo-terminal of the system's.</summary>
public sealed class TerminalTests
{
    // Runs a command with a terminal for its standard error only, and gives back what came there.
    private const string Terminal = """
        import os, pty, subprocess, sys
        main, side = pty.openpty()
        child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=side)
        os.close(side)
        shown = b''
        try:
            while block := os.read(main, 65536):
                shown += block
        except OSError:
            pass
        assert child.wait() == 0, child.returncode
        sys.stdout.buffer.write(shown.replace(b'\r\n', b'\n'))
        """;

    [Theory]
    [InlineData("TERM=xterm", "\u001b[90mdetail\u001b[0m\nplain\n\u001b[33mcareful\u001b[0m\n\u001b[31mwrong\u001b[0m\n\u001b[1;31mlost\u001b[0m\n")]
    [InlineData("NO_COLOR=", "detail\nplain\ncareful\nwrong\nlost\n")] // as PowerShell takes it: OutputRendering is PlainText then
    [InlineData("NO_COLOR=1", "detail\nplain\ncareful\nwrong\nlost\n")]
    [InlineData("TERM=dumb", "detail\nplain\ncareful\nwrong\nlost\n")]
    public async Task A_terminal_shows_colours_unless_the_user_or_the_terminal_says_no(string setting, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        var script = $$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            Start-LogListener -Console -ConsoleTemplate '{Message}' -MinimumLevel Debug
            Write-QueueLog 'detail' -Level Debug
            Write-QueueLog 'plain'
            Write-QueueLog 'careful' -Level Warning
            Write-QueueLog 'wrong' -Level Error
            Write-QueueLog 'lost' -Level Critical
            Stop-LogListener
            """;

        Assert.Equal(expected, await PythonScript.RunAsync("-c", Terminal, "env", "-u", "NO_COLOR", "TERM=xterm", setting, PwshProcess.Program, "-NoProfile", "-c", script));
    }

    [Fact]
    public async Task Records_and_progress_share_the_screen_of_a_session_and_what_its_streams_show_is_there_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        using var folder = new TempFolder();
        var log = folder.Combine("run.log");
        var lines = await ScreenScript.RunAsync($$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            Start-LogListener '{{log}}' -Console
            # The texts stand in no line of the script, which the view of an error shows.
            $done = 1..40 | Start-WorkerPool -Count 2 {
                Write-QueueLog 'item {Item} begins' -ArgumentList $_
                Write-Progress copying -Status "file $_"
                if ($_ -eq 9) { Write-Error ('no ' + 'room') }
                if ($_ -eq 19) { Write-Warning ('little ' + 'room') }
                if ($_ -eq 29) { throw ('no ' + 'disk') }
                Start-Sleep -Milliseconds 60
            } | Receive-Job -Wait -AutoRemoveJob
            Stop-LogListener
            """);
        var written = folder.ReadLines("run.log");
        Assert.Equal(40, written.Count(line => line.EndsWith(" begins", StringComparison.Ordinal)));
        Assert.Equal(written.Where(line => line.Contains(" Information ", StringComparison.Ordinal)), lines.Where(line => line.Contains(" Information ", StringComparison.Ordinal)));
        foreach (var text in new[] { "no room", "little room", "no disk" })
        {
            Assert.Contains(written, line => line.Contains(text, StringComparison.Ordinal));
            Assert.Single(lines, line => line.Contains(text, StringComparison.Ordinal));
        }

        Assert.StartsWith("READY>", lines[^1]);
        Assert.DoesNotContain(lines, line => line.Contains("copying", StringComparison.Ordinal) || line.StartsWith("Worker pool", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_is_watched_on_the_whole_screen_and_an_item_is_stopped_from_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        using var folder = new TempFolder();
        var lines = await ScreenScript.RunAsync(
            $$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            'before the watch'
            Start-LogListener '{{folder.Combine("run.log")}}'
            $job = 'fast', 'slow', 'last' | Start-WorkerPool -Count 1 -Name night -AsResult { Write-QueueLog "at $_"; if ($_ -eq 'slow') { while ($true) { Start-Sleep -Milliseconds 20 } } }
            Watch-WorkerPool night
            "ends: $(($job | Receive-Job -Wait).Status)"
            Stop-LogListener
            """,
            ("at slow", "k"),
            ("Stop item 1 of Worker-1?", "y"),
            ("gone since", "q"));
        Assert.Contains(lines, line => line.StartsWith(" night: running", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("> Worker-1", StringComparison.Ordinal) && line.EndsWith("  slow", StringComparison.Ordinal));
        Assert.Contains(" Worker-1 was asked to stop item 1.", lines);
        Assert.Equal(["before the watch", "ends: Completed Stopped Completed", "READY>"], lines[^3..].Select(line => line.TrimEnd()));
    }

    [Theory]
    [InlineData("-AsResult")]
    [InlineData("-Retry 1")]
    [InlineData("-ErrorAction SilentlyContinue")]
    public async Task What_no_stream_shows_the_console_shows(string option)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        var lines = await ScreenScript.RunAsync($$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            Start-LogListener -Console
            $result = 1 | Invoke-WorkerPool -Count 1 {{option}} { Write-Error 'no room' }
            Stop-LogListener
            """);
        Assert.Contains(lines, line => line.EndsWith(" Error       no room", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_script_that_is_run_again_on_a_terminal_goes_on_with_its_listener()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        using var folder = new TempFolder();
        var lines = await ScreenScript.RunAsync($$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            foreach ($run in 1, 2) {
                Start-LogListener '{{folder.Combine("run.log")}}' -Console -Sink (New-LogSink '{{folder.Combine("errors.log")}}' -MinimumLevel Error) -WarningVariable note -WarningAction SilentlyContinue
                "run ${run}: $($note.Count) notes"
            }
            """);
        Assert.Contains("run 1: 0 notes", lines);
        Assert.Contains("run 2: 1 notes", lines);
    }

    [Fact]
    public async Task A_run_that_took_its_time_ends_with_a_line_unless_that_is_not_wanted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo-terminal that a script could open.");
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        var lines = await ScreenScript.RunAsync($$"""
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            foreach ($more in @{}, @{ Quiet = $true }, @{ ProgressAction = 'SilentlyContinue' }) {
                $null = 1..3 | Invoke-WorkerPool -Count 1 @more { Start-Sleep -Milliseconds (300 * $_) }
            }
            """);
        Assert.Matches(@"^Worker pool Pool1: 3 items in \S+ s, \d\.\d/s, slowest \d\.\d s \(3\)$", Assert.Single(lines, line => line.StartsWith("Worker pool", StringComparison.Ordinal)));
    }
}
