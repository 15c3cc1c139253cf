using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The scripts in examples/, run as they stand there.</summary>
public sealed class ExamplesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_quickstart_gives_its_results_and_logs_each_item_with_what_it_returned()
    {
        var run = await RunAsync("quickstart.ps1");
        Assert.Equal("100 results, the largest is 9801", run.Lines[^1]);
        var log = folder.ReadLines("run.log");
        var messages = log.Select(line => Regex.Match(line, @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} Worker-\d+ +Information (.*)$").Groups[1].Value);
        var expected = Enumerable.Range(0, 100).SelectMany(i => new[] { $"item {i} started", $"{i * i}" });
        Assert.Equal(expected.Order(StringComparer.Ordinal), messages.Order(StringComparer.Ordinal));
        Assert.Equal(log.Order(), run.ErrorLines.Order());
    }

    [Fact]
    public async Task Ten_processes_log_into_one_rolling_file_and_onto_the_console()
    {
        var run = await RunAsync("ten-processes.ps1", "-Path", "./logs/ten.log");

        // The console shows what the files may have rolled away: 14 records of each of ten processes, each process in order,
        // and the start and the end of each.
        Assert.Equal(160, run.ErrorLines.Length);
        foreach (var item in Enumerable.Range(0, 10))
        {
            var worker = $"Worker-{item + 1} ";
            var lines = run.ErrorLines.Where(line => line.StartsWith(worker, StringComparison.Ordinal)).Select(line => line[worker.Length..]).ToArray();
            Assert.Equal([$"item {item} started", "started", .. Enumerable.Range(1, 10).Select(i => $"line {i} of 10"), "finished"], lines[..^1]);
            Assert.StartsWith($"item {item} completed in ", lines[^1], StringComparison.Ordinal);
        }

        var files = folder.FilesIn("logs");
        Assert.Equal(["ten.log", "ten.log.1", "ten.log.2"], files.Take(3));
        Assert.InRange(files.Length, 3, 6);
        Assert.All(files, name => Assert.InRange(new FileInfo(folder.Combine("logs", name)).Length, 1, 3000));
        Assert.All(files, name => Assert.Equal("# QueueLog: text {Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Level,-8} {Message}", folder.ReadLines("logs", name)[0]));
        var entries = files.SelectMany(name => folder.ReadLines("logs", name)[1..]).ToArray();
        Assert.All(entries, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (Worker-\d+|pwsh) +(Debug   |Information) (started|line \d+ of 10|finished|item \d .*|Worker-.*)$", line));
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
        var log = folder.ReadLines("by-hand.log")[1..];
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
    public async Task A_dotnet_program_started_for_each_item_logs_into_the_same_file()
    {
        var program = Path.Combine(Repository.Root, "examples", "dotnet-program", "bin", Repository.Configuration, "net10.0", "dotnet-program.dll");
        await RunAsync("dotnet-program.ps1", "-Path", "./orders.log", "-Program", program);
        var entries = folder.ReadLines("orders.log")[1..].Where(line => !line.StartsWith(' ')).Select(line => Regex.Replace(line, @"^\S+ (\S+) +(\w+) +", "$1 $2 ")).ToArray();
        foreach (var order in Enumerable.Range(1, 4))
        {
            Assert.Single(entries, entry => Regex.IsMatch(entry, $@"^Worker-\d Information {order} order {order} came in$"));
            Assert.Equal(
                [$"dotnet-program Information Packing {order} packing 3 parts", $"dotnet-program Warning Packing {order} trying a larger box", $"dotnet-program Information Packing {order} packed"],
                entries.Where(entry => entry.Contains($" Packing {order} ", StringComparison.Ordinal)));
        }

        Assert.Equal(16, entries.Length);
        Assert.Equal(4, folder.ReadLines("orders.log").Count(line => line == "    System.InvalidOperationException: the box is too small"));
    }

    [Fact]
    public async Task A_Python_program_started_for_each_item_logs_into_the_same_file()
    {
        PythonProgram.SkipUnlessThere();
        var run = await RunAsync("python-program.ps1", "-Path", "./convert.log", "-Python", PythonScript.Name);
        Assert.Equal("", run.Error);
        Assert.Equal(["100", "200", "300", "400"], run.Lines.Order(StringComparer.Ordinal));
        var python = folder.ReadLines("convert.log").Where(line => line.Contains(" convert ", StringComparison.Ordinal)).Select(line => line[13..]).ToArray();
        Assert.Equal(
            [.. Enumerable.Range(1, 4).Select(i => $"convert    Information convert converting file {i}"), "convert    Warning     convert file 3 is empty"],
            python.Order(StringComparer.Ordinal));
        Assert.True(Array.IndexOf(python, "convert    Warning     convert file 3 is empty") > Array.IndexOf(python, "convert    Information convert converting file 3"));
    }

    [Fact]
    public async Task A_log_is_read_back_and_audited()
    {
        var run = await RunAsync("read-the-log.ps1", "-Path", "./night.log");
        Assert.Equal(["disk is 60 % full", "disk is 70 % full", "disk is 80 % full", "disk is 90 % full"], run.Lines[0]["warnings: ".Length..].Split("; ").Order(StringComparer.Ordinal));
        Assert.Equal(["slow: 2", "part-7: copied part-7.csv in 0.7 s", "complete: True"], run.Lines[1..]);
    }

    [Fact]
    public async Task Errors_have_a_file_of_their_own_and_a_script_counts_the_levels()
    {
        var run = await RunAsync("several-sinks.ps1", "-Folder", "./sinks");
        Assert.Equal("48 records, 9 warnings, 3 errors", run.Lines[0]);
        Assert.Equal("Script counter: 60 written, 0 left out", run.Lines[^1]);
        var errors = folder.ReadLines("sinks", "errors.log");
        Assert.StartsWith("# QueueLog: text ", errors[0]);
        Assert.Equal(["row 20", "row 40", "row 60"], errors[1..].Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_example_has_its_test()
    {
        string[] tested = ["argument-tuples", "dotnet-program", "file-per-worker", "other-processes", "plain-script", "python-program", "quickstart", "read-the-log", "record-by-hand", "several-sinks", "ten-processes"];
        Assert.Equal(tested, Directory.GetFiles(Path.Combine(Repository.Root, "examples")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    private async Task<PwshResult> RunAsync(string name, params string[] arguments)
    {
        var run = await PwshProcess.RunAsync(["-File", Path.Combine(Repository.Root, "examples", name), .. arguments], folder: folder.Path);
        Assert.Equal(0, run.ExitCode);
        return run;
    }
}
