using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class OutputTests
{
    [Fact]
    public async Task Output_appears_while_the_script_runs()
    {
        using var host = HostProcess.Start("-c", "'first'; [Console]::In.ReadLine()");

        Assert.Equal("first", await host.ReadLineAsync());
        await host.Input.WriteLineAsync("second");

        var result = await host.CompleteAsync();
        Assert.Equal("second\n", result.Output);
    }

    [Fact]
    public async Task Errors_go_to_standard_error_and_the_other_streams_carry_their_prefix()
    {
        var result = await HostProcess.RunAsync(
            "-c", "Write-Warning w; Write-Verbose v -Verbose; Write-Debug d -Debug; Write-Host h -ForegroundColor Red; Write-Error e");

        Assert.Equal(["WARNING: w", "VERBOSE: v", "DEBUG: d", "h"], result.Lines);
        Assert.Equal("Write-Error: e\n", result.Error);
    }

    [Fact]
    public async Task Redirected_output_has_no_colors()
    {
        var result = await HostProcess.RunAsync("-c", "Write-Host x -ForegroundColor Red; Write-Warning y; [pscustomobject]@{ a = 1 }; Get-Nothing");

        Assert.DoesNotContain('\x1b', result.Output);
        Assert.DoesNotContain('\x1b', result.Error);
    }

    [Fact]
    public async Task Objects_are_shown_with_their_properties()
    {
        var result = await HostProcess.RunAsync("-c", "[pscustomobject]@{ Name = 'n'; Size = 1.5 } | Format-List");

        Assert.Equal(["Name : n", "Size : 1.5"], result.Lines);
    }

    [Fact]
    public async Task An_unknown_command_says_which_engine_this_is_and_what_to_install()
    {
        var result = await HostProcess.RunAsync("-c", "try { Get-Nothing } catch [Management.Automation.CommandNotFoundException] { $_.Exception.CommandName; \"$_\" }");

        Assert.StartsWith("Get-Nothing\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("embedded engine", result.Output, StringComparison.Ordinal);
        Assert.Contains("https://aka.ms/powershell", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_where_nobody_can_answer()
    {
        var result = await HostProcess.RunAsync("-NonInteractive", "-c", "function f { param([Parameter(Mandatory)] $Needed) }; f");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Needed", result.Error, StringComparison.Ordinal);
    }
}
