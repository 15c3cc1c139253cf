using System.Globalization;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

public sealed class SetLogListenerTests : IDisposable
{
    private const string Start = "$listener = Start-LogListener ./run.log -Template '{Level} {Message}' -NoHeader;";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_written_after_it_goes_by_it_in_the_session_and_in_its_workers()
    {
        await RunAsync($$"""
            {{Start}}
            $log = Get-QueueLogger
            $named = Get-QueueLogger -Listener $listener
            $null = Start-WorkerPool -Name warm -Count 2
            function Write-Everywhere($word) {
                Write-QueueLog "command $word" -Level Debug
                $log.Debug("logger $word"); $named.Debug("named $word")
                1..2 | Invoke-WorkerPool -Name warm -NoCapture { Write-QueueLog "worker $using:word" -Level Debug }
            }
            Write-Everywhere before
            Set-LogListener -MinimumLevel Debug
            Write-Everywhere between
            $listener | Set-LogListener -MinimumLevel Info
            Write-Everywhere behind
            Stop-WorkerPool -Name warm
            """);
        Assert.Equal(
            ["Debug command between", "Debug logger between", "Debug named between", "Debug worker between", "Debug worker between"],
            folder.ReadLines("run.log").Where(line => !line.Contains(" item ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_changes_the_default_listener_or_those_named_or_given_and_gives_them_when_asked() =>
        Assert.Equal(
            ["Information Debug", "Error Debug", "Error Trace", "Trace True", "False"],
            await RunAsync("""
                $first = Start-LogListener ./first.log -Name "first-$PID"
                $second = Start-LogListener ./second.log -Name "second-$PID"
                Set-LogListener -MinimumLevel Debug; "$($first.MinimumLevel) $($second.MinimumLevel)"
                Set-LogListener 'first-*' -MinimumLevel Error; "$($first.MinimumLevel) $($second.MinimumLevel)"
                Set-LogListener -Listener $second -MinimumLevel Trace -WhatIf:$false; "$($first.MinimumLevel) $($second.MinimumLevel)"
                $given = Set-LogListener -MinimumLevel Trace -PassThru; "$($given.MinimumLevel) $($given -eq $second)"
                $null = $first | Stop-LogListener
                "$([bool]($second | Set-LogListener -MinimumLevel Error))"
                """));

    [Fact]
    public async Task What_if_changes_nothing() =>
        Assert.EndsWith("Information", (await RunAsync($"{Start} Set-LogListener -MinimumLevel Debug -WhatIf; $listener.MinimumLevel"))[^1], StringComparison.Ordinal);

    [Fact]
    public async Task The_level_of_a_console_is_changed_on_its_own()
    {
        var run = await Script.RunAsync(folder, """
            $null = Start-LogListener ./run.log -Console -Template '{Message}' -NoHeader
            Set-LogListener -ConsoleMinimumLevel Warning
            Write-QueueLog 'only in the file'
            Write-QueueLog 'in both' -Level Warning
            $listener = Stop-LogListener
            "$($listener.MinimumLevel) $($listener.ConsoleMinimumLevel)"
            """);
        Assert.Equal(("Information Warning", "in both"), (run.Output.Trim(), run.Error.Trim()));
        Assert.Equal(["only in the file", "in both"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_limit_is_set_and_lifted_and_shown()
    {
        var output = await RunAsync("""
            $listener = Start-LogListener ./run.log -Template '{Count} {Message}' -NoHeader -Limit 2 -LimitLevel Warning
            "$($listener.Limit) $($listener.LimitBy) $($listener.LimitLevel)"
            Set-LogListener -Limit 1 -LimitBy Category
            1..50 | Write-QueueLog -Category a
            Write-QueueLog 'warning' -Level Warning -Category a
            Set-LogListener -Limit 0
            51..60 | Write-QueueLog -Category a
            "$($listener.Limit) $($listener.LimitBy) $($listener.LimitLevel)"
            $null = Stop-LogListener
            "$($listener.Received) $($listener.Lost)"
            "$($listener.Written) $($listener.Limited)"
            """);
        Assert.Equal(["2 Template Warning", "0 Category Warning", "61 0"], output[..3]);
        var log = folder.ReadLines("run.log");
        var leftOut = log.Where(line => line.EndsWith("records of category 'a' were left out: more than 1 came within a second", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.InRange(leftOut, 1, 49);
        Assert.Equal($"{61 - leftOut} {leftOut}", output[3]);
        Assert.Contains(" warning", log);
        Assert.Equal(Enumerable.Range(51, 10).Select(i => $" {i}"), log[^10..]);
    }

    [Theory]
    [InlineData("NoListener", "Set-LogListener -MinimumLevel Debug")]
    [InlineData("ListenerNotFound", "Set-LogListener missing -MinimumLevel Debug")]
    [InlineData("ListenerEnded", "$l = Start-LogListener ./run.log; $null = Stop-LogListener; $l | Set-LogListener -MinimumLevel Debug")]
    [InlineData("ListenerHasNoConsole", "$l = Start-LogListener ./run.log; Set-LogListener -MinimumLevel Debug -ConsoleMinimumLevel Debug; if ($l.MinimumLevel -ne 'Information') { 'changed' }")]
    [InlineData("NothingToChange", "$null = Start-LogListener ./run.log; Set-LogListener")]
    [InlineData("ParameterArgumentTransformationError", "Set-LogListener -MinimumLevel Loud")]
    [InlineData("ParameterArgumentValidationError", "Set-LogListener -Limit -1")]
    public async Task Whatever_is_wrong_is_told(string id, string script) =>
        Assert.Equal(
            [$"{id},QueueLog.PowerShell.Commands.SetLogListenerCommand"],
            await RunAsync($$"""
                try { {{script}} } catch { $_.FullyQualifiedErrorId }
                """));

    private async Task<string[]> RunAsync(string script)
    {
        var run = await Script.RunAsync(folder, $"$ErrorActionPreference = 'Stop'\n{script}\n$null = Get-LogListener | Stop-LogListener");
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        return run.Lines;
    }
}
