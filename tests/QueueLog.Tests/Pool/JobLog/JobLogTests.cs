using System.Globalization;
using System.Text.Json;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.JobLog;

public sealed class JobLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string LogPath => folder.Combine("items.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_whose_session_was_killed_goes_on_where_it_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var runs = folder.Combine("runs");
        Directory.CreateDirectory(runs);
        var script = $$"""
            $runs = '{{runs}}'
            (1..30 | Invoke-WorkerPool -Count 2 -JobLog '{{LogPath}}' -Resume {
                [IO.File]::WriteAllText("$using:runs/$_ $([guid]::NewGuid())", '')
                while ($_ -gt 10 -and -not [IO.File]::Exists("$using:runs/go")) { Start-Sleep -Milliseconds 10 }
                $_
            } | Measure-Object).Count
            """;
        int[] underWay;
        using (var host = Script.Start(script))
        {
            await Eventually.TrueAsync(() => File.Exists(LogPath) && folder.ReadLines("items.json").Length == 10 && UnderWay().Length == 2, "ten are finished and two under way");
            host.Signal("KILL");
            await host.CompleteAsync();
            underWay = UnderWay();
        }

        await File.WriteAllTextAsync(Path.Combine(runs, "go"), "");
        Assert.Equal(["20"], await Script.RunAsync(script));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => underWay.Contains(i) ? 2 : 1), Enumerable.Range(1, 30).Select(RunsOf));
        Assert.Equal(Enumerable.Range(0, 30), folder.ReadLines("items.json").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Index").GetInt32()).Order());

        int[] UnderWay() => [.. Enumerable.Range(11, 20).Where(item => RunsOf(item) > 0)];

        int RunsOf(int item) => Directory.GetFiles(runs, item.ToString(CultureInfo.InvariantCulture) + " *").Length;
    }
}
