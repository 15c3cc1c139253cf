using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

/// <summary>Items that are tried again, and those that must not be.</summary>
public sealed class PoolRetryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nothing_runs_twice_unless_it_is_asked_for()
    {
        var lines = await RunAsync("1..3 | Invoke-WorkerPool -Count 1 { NOTE; if ($_ -eq 2) { throw 'no' } }");
        Assert.Equal(["1", "2", "3"], lines);
    }

    [Theory]
    [InlineData("throw 'no'", 4)]
    [InlineData("[Environment]::Exit(7)", 2)]
    [InlineData("while ($true) { }", 4)]
    public async Task An_item_that_fails_is_tried_as_often_as_asked_and_one_that_kills_workers_twice(string work, int attempts)
    {
        var lines = await RunAsync($"1..3 | Invoke-WorkerPool -Count 1 -Retry 3 -TimeoutSeconds 1 {{ NOTE; if ($_ -eq 2) {{ {work} }} }}");
        Assert.Equal(attempts, lines.Count(line => line == "2"));
        Assert.Equal(2 + attempts, lines.Length);
    }

    [Fact]
    public async Task More_deaths_are_risked_when_asked_for()
    {
        var lines = await RunAsync("1..2 | Invoke-WorkerPool -Count 1 -Retry 3 -MaxCrashes 4 { NOTE; if ($_ -eq 2) { [Environment]::Exit(7) } }");
        Assert.Equal(4, lines.Count(line => line == "2"));
    }

    [Fact]
    public async Task An_item_that_succeeds_at_last_leaves_its_result_and_no_error()
    {
        var result = await Script.RunAsync($$"""
            $folder = '{{folder.Path}}'
            1..3 | Invoke-WorkerPool -Count 2 -Retry 5 -RetryDelaySeconds 0.05 -WarningAction SilentlyContinue {
                $path = Join-Path $using:folder "$_"
                [IO.File]::AppendAllText($path, 'x')
                if ($_ -eq 2 -and (Get-Item $path).Length -lt 3) { throw 'not yet' }
                "$_ at $((Get-Item $path).Length)"
            } | Sort-Object
            """);
        Assert.Equal(["1 at 1", "2 at 3", "3 at 1"], result);
    }

    [Fact]
    public async Task Items_a_dead_worker_had_not_begun_are_run_by_others_without_a_retry()
    {
        var lines = await RunAsync("1..200 | Invoke-WorkerPool -Count 2 { NOTE; if ($_ -eq 100) { [Environment]::Exit(7) } }");
        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"{i}"), lines.OrderBy(int.Parse));
    }

    private async Task<string[]> RunAsync(string script)
    {
        // A file for each item: two workers cannot append to one at a time.
        await Script.RunAsync($$"""
            $folder = '{{folder.Path}}'
            $null = {{script.Replace("NOTE", "[IO.File]::AppendAllText((Join-Path $using:folder \"$_\"), 'x')", StringComparison.Ordinal)}} -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            exit 0
            """);
        return [.. Directory.GetFiles(folder.Path).SelectMany(path => Enumerable.Repeat(Path.GetFileName(path), File.ReadAllText(path).Length)).Order()];
    }
}
