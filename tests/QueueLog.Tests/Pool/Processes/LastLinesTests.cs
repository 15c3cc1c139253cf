using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

/// <summary>What the error of a worker's death knows of its last words.</summary>
public sealed class LastLinesTests
{
    private const string KillSelf = "[Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(-1)";

    [Fact]
    public async Task The_error_shows_the_last_ten_log_lines_of_a_killed_worker_and_its_standard_error_and_the_next_has_its_own()
    {
        var (output, _) = await PoolScript.RunAsync(
            $$"""
            1..2 | Invoke-WorkerPool -Count 1 {
                if ($_ -eq 1) {
                    $log = Get-QueueLogger
                    foreach ($i in 1..12) { $log.Info("line $i") }
                    Write-QueueLog 'by the cmdlet' -Level Error; Write-Warning 'by a stream'; 'an output'
                    [Console]::Error.WriteLine('on stderr')
                }
                {{KillSelf}}
            } -ErrorAction SilentlyContinue -ErrorVariable failed 3>$null 6>$null | Out-Null
            $failed | ForEach-Object { "$_" }
            """,
            level: "Information");
        var lines = string.Join(" | ", Enumerable.Range(6, 7).Select(i => $"Information line {i}").Concat(["Error by the cmdlet", "Warning by a stream", "Information an output"]));
        Assert.Equal(2, output.Length);
        Assert.EndsWith($"Its last log lines: {lines} Its last lines on standard error: on stderr", output[0], StringComparison.Ordinal);
        Assert.DoesNotContain("log lines", output[1], StringComparison.Ordinal);
        Assert.DoesNotContain("on stderr", output[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_listener_there_are_no_log_lines_and_nothing_stays_behind_a_pool()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            $env:QUEUELOG_STATE = '{{folder.Path}}'
            $null = Start-WorkerPool -Count 1 -Name warm
            1 | Invoke-WorkerPool -Name warm { Write-QueueLog 'shown'; {{KillSelf}} } -ErrorAction SilentlyContinue -ErrorVariable failed 3>$null 6>$null
            "$($failed[0])" -match 'log lines'
            1 | Invoke-WorkerPool -Name warm { 1 }
            [IO.Directory]::GetFiles('{{folder.Path}}', '*.records-*').Length
            Stop-WorkerPool warm
            [IO.Directory]::GetFiles('{{folder.Path}}', '*.records-*').Length
            """);
        Assert.Equal(["False", "1", "1", "0"], lines);
    }
}
