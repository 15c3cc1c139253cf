using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>Sinks whose disk is full or whose process is killed.</summary>
public sealed class NewLogSinkTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Whatever_becomes_of_a_sink_on_a_full_disk_the_log_has_everything_and_says_what_that_lacks()
    {
        using var disk = new SmallDisk();
        disk.Fill(leave: 0);
        var result = await RunAsync($$"""
            $listener = Start-LogListener -PassThru ./run.log -Template '{Message}' -NoHeader -Sink (New-LogSink '{{disk.Combine("full.log")}}' -Name full -Template '{Message}' -NoHeader -QueueSize 64KB)
            1..5000 | ForEach-Object { Write-QueueLog "$_ $('x' * 50)" }
            Write-QueueLog 'last' -Wait
            $state = $listener.Sinks[1]
            "$($listener.State) $($state.IsBehind) $($state.Written) $($state.LeftOut -gt 0)"
            [IO.File]::Delete('{{disk.Combine("filler")}}')
            while (-not ((Get-Content ./run.log) -like '*has caught up')) { Start-Sleep -Milliseconds 20 }
            Write-QueueLog 'there is room'
            $listener | Stop-LogListener -WarningAction SilentlyContinue
            $state = $listener.Sinks[1]
            $state.Taken -eq $state.Written + $state.LeftOut
            $state.LeftOut
            """);
        Assert.Equal(["Running True 0 True", "True"], result.Lines[..2]);
        var log = folder.ReadLines("run.log");
        Assert.Equal(5000, log.Count(line => line.Contains(" xxx", StringComparison.Ordinal)));
        Assert.Contains($"[QueueLog] {result.Lines[2]} records were left out of sink full, which was behind and has caught up", log);
        Assert.Contains(log, line => line.StartsWith("[QueueLog] Sink full: Could not write to 'full': ", StringComparison.Ordinal));
        Assert.Equal("there is room", disk.ReadLines("full.log")[^1]);
    }

    [Fact]
    public async Task A_listener_that_is_killed_keeps_its_log_and_the_next_one_goes_on_in_the_files_of_its_sinks()
    {
        const string Start = """
            $sinks = (New-LogSink ./side.log -Template '{Message}' -NoHeader), (New-LogSink -ScriptBlock { Start-Sleep -Milliseconds 1 })
            $listener = Start-LogListener -PassThru ./run.log -Template '{Message}' -NoHeader -Sink $sinks
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
            Stop-LogListener
            """);
        var before = Enumerable.Range(1, 3000).Select(i => $"before {i}").ToArray();
        Assert.Equal(before, folder.ReadLines("run.log").Where(line => line.StartsWith("before", StringComparison.Ordinal)));

        // Its lines are whole and in order; what was in its queue it may lack, and a batch that was under way it may have twice.
        var side = folder.ReadLines("side.log");
        Assert.Equal("after", side[^1]);
        Assert.Empty(side.Where(line => line.StartsWith("before", StringComparison.Ordinal)).Except(before));
    }

    private async Task<PwshResult> RunAsync(string script)
    {
        var result = await Script.RunAsync(folder, "$ErrorActionPreference = 'Stop'\n" + script);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result;
    }
}
