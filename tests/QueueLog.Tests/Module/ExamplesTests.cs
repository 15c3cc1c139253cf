using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The scripts in examples/, run as they stand there.</summary>
public sealed class ExamplesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_quickstart_gives_its_results_and_one_line_for_each_item()
    {
        var run = await RunAsync("quickstart.ps1");
        Assert.Equal("100 results, the largest is 9801", run.Lines[^1]);
        var log = folder.ReadLines("run.log");
        Assert.Equal(Enumerable.Range(0, 100).Order(), log.Select(line => int.Parse(Regex.Match(line, @"item (\d+) started$").Groups[1].Value)).Order());
        Assert.All(log, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} Worker-\d+ +Information item \d+ started$", line));
        Assert.Equal(log.Order(), run.ErrorLines.Order());
    }

    [Fact]
    public async Task Ten_processes_log_into_one_rolling_file_and_onto_the_console()
    {
        var run = await RunAsync("ten-processes.ps1", "-Path", "./logs/ten.log");

        // The console shows what the files may have rolled away: 12 records of each of ten processes, each process in order.
        Assert.Equal(120, run.ErrorLines.Length);
        string[] expected = ["started", .. Enumerable.Range(1, 10).Select(i => $"line {i} of 10"), "finished"];
        foreach (var worker in Enumerable.Range(1, 10).Select(i => $"Worker-{i}"))
        {
            Assert.Equal(expected, run.ErrorLines.Where(line => line.StartsWith(worker + " ", StringComparison.Ordinal)).Select(line => line[(worker.Length + 1)..]));
        }

        var files = folder.FilesIn("logs");
        Assert.Equal(["ten.log", "ten.log.1", "ten.log.2"], files.Take(3));
        Assert.InRange(files.Length, 3, 6);
        Assert.All(files, name => Assert.InRange(new FileInfo(folder.Combine("logs", name)).Length, 1, 3000));
        var lines = files.SelectMany(name => folder.ReadLines("logs", name)).ToArray();
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} Worker-\d+ +(Debug   |Information) (started|line \d+ of 10|finished)$", line));
    }

    [Fact]
    public async Task A_list_of_tuples_is_splatted_over_the_pool()
    {
        var run = await RunAsync("argument-tuples.ps1", "-Path", "./tuples.log");
        Assert.Equal(["100 checked"], run.Lines[..1]);
        var log = folder.ReadLines("tuples.log").Select(line => line[(line.IndexOf("checking ", StringComparison.Ordinal) + 9)..]).Order(StringComparer.Ordinal);
        var expected =
            from region in new[] { "north", "south", "east", "west" }
            from number in Enumerable.Range(1, 25)
            select $"{region}-{number}, deep: {(number % 3 == 0 ? "true" : "false")}";
        Assert.Equal(expected.Order(StringComparer.Ordinal), log);
    }

    [Fact]
    public async Task Records_built_by_hand_keep_their_origin()
    {
        await RunAsync("record-by-hand.ps1", "-Path", "./by-hand.log");
        var log = folder.ReadLines("by-hand.log");
        Assert.Equal("2026-01-31 04:05:06 sensor-7   Warning  Cooling temperature is 81 degrees", log[0]);
        Assert.EndsWith(" sensor-7   Information Cooling fan restarted", log[1]);
    }

    [Fact]
    public async Task A_token_in_the_path_gives_each_worker_its_own_file()
    {
        await RunAsync("file-per-worker.ps1", "-Folder", "./workers");
        var files = folder.FilesIn("workers");
        Assert.InRange(files.Length, 1, 4);
        var items = new List<int>();
        foreach (var file in files)
        {
            var worker = Path.GetFileNameWithoutExtension(file);
            var lines = folder.ReadLines("workers", file);
            Assert.All(lines, line => Assert.Contains($" {worker} ", line));
            items.AddRange(lines.Select(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..])));
        }

        Assert.Equal(Enumerable.Range(1, 40), items.Order());
    }

    [Fact]
    public async Task Scripts_started_in_other_ways_log_into_the_same_file()
    {
        await RunAsync("other-processes.ps1", "-Path", "./others.log");
        Assert.Equal(
            ["from the session itself", "plain line 1", "plain line 2", "plain line 3", "from a job"],
            folder.ReadLines("others.log").Select(line => Regex.Match(line, @"Information (.*)$").Groups[1].Value));
    }

    [Fact]
    public void Every_example_has_its_test()
    {
        string[] tested = ["argument-tuples", "file-per-worker", "other-processes", "plain-script", "quickstart", "record-by-hand", "ten-processes"];
        Assert.Equal(tested, Directory.GetFiles(Path.Combine(Repository.Root, "examples")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    private async Task<HostResult> RunAsync(string name, params string[] arguments)
    {
        var run = await HostProcess.RunAsync(["-File", Path.Combine(Repository.Root, "examples", name), .. arguments], folder: folder.Path);
        Assert.Equal(0, run.ExitCode);
        return run;
    }
}
