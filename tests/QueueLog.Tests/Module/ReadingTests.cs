using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The commands that read logs, in scripts of real processes.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_log_is_followed_over_rolls_and_the_death_of_its_listener()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var reader = Script.Start($$"""
            'ready'
            try { Get-QueueLog '{{Log}}' -Wait | ForEach-Object { $_.Message } } finally { [Console]::Out.WriteLine('ended') }
            'what stands behind it'
            """);
        Assert.Equal("ready", await reader.ReadLineAsync());
        for (var run = 0; run < 3; run++)
        {
            using var writer = Script.Start($$"""
                Start-LogListener '{{Log}}' -MaxFileSize 300 -MaxFiles 100
                1..20 | ForEach-Object { Write-QueueLog "record $({{run}} * 20 + $_)" -Wait }
                'written'
                [System.Threading.Thread]::Sleep(-1)
                """);
            Assert.Equal("written", await writer.ReadLineAsync());
            writer.Signal("KILL");
            await writer.CompleteAsync();
        }

        var read = new List<string?>();
        while (read.Count(line => line?.StartsWith("record ", StringComparison.Ordinal) == true) < 60)
        {
            read.Add(await reader.ReadLineAsync());
        }

        Assert.Equal(Enumerable.Range(1, 60).Select(number => $"record {number}"), read.Where(line => line!.StartsWith("record ", StringComparison.Ordinal)));

        // As Ctrl+C: the pipeline ends there, and what cleans up is run.
        reader.Signal("INT");
        var end = await reader.CompleteAsync();
        Assert.Equal(("ended", ""), (end.Lines.Single(line => !line.StartsWith("pwsh (pid", StringComparison.Ordinal)), end.Error));
    }
}
