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
    [InlineData("NO_COLOR=", "\u001b[90mdetail\u001b[0m\nplain\n\u001b[33mcareful\u001b[0m\n\u001b[31mwrong\u001b[0m\n\u001b[1;31mlost\u001b[0m\n")]
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
}
