using System.IO.Compression;
using System.Text.Json;
using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

public sealed class ChromeTraceTests : IDisposable
{
    // Of the Trace Event Format: names of metadata events, and the reserved colours that are used.
    private static readonly string[] MetadataNames = ["process_name", "process_labels", "process_sort_index", "thread_name", "thread_sort_index"];
    private static readonly string[] Colours = ["generic_work", "good", "bad", "terrible"];

    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Each_event_is_one_of_the_format()
    {
        AddRun();
        var root = Write(run["run.trace.json"]);
        Assert.Contains(root.GetProperty("displayTimeUnit").GetString(), new[] { "ms", "ns" });
        var events = root.GetProperty("traceEvents").EnumerateArray().ToArray();
        Assert.All(events, Validate);
        Assert.Equal(["C", "M", "X", "i"], events.Select(e => e.GetProperty("ph").GetString()!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_worker_is_a_process_an_item_a_slice_and_a_warning_an_instant()
    {
        AddRun();
        var events = Write(run["run.trace.json"]).GetProperty("traceEvents").EnumerateArray().ToArray();
        Assert.Equal(["run", "Worker-1", "Worker-2"], events.Where(e => Text(e, "name") == "process_name").Select(e => Text(e.GetProperty("args"), "name")));
        var slice = events.Single(e => Text(e, "ph") == "X" && Text(e, "name") == "item 1");
        Assert.Equal((2, 22, 1_000_000m, 2_000_000m), (slice.GetProperty("pid").GetInt32(), slice.GetProperty("tid").GetInt32(), slice.GetProperty("ts").GetDecimal(), slice.GetProperty("dur").GetDecimal()));
        Assert.Equal(("srv-2", "Failed", "it broke"), (Text(slice.GetProperty("args"), "input"), Text(slice.GetProperty("args"), "status"), Text(slice.GetProperty("args"), "error")));
        Assert.Equal(["disk is full", "started"], events.Where(e => Text(e, "ph") == "i").Select(e => Text(e, "name")).Order());
        Assert.Equal(2m, events.Where(e => Text(e, "name") == "busy workers").Max(e => e.GetProperty("args").GetProperty("workers").GetDecimal()));
    }

    [Fact]
    public void A_name_that_ends_in_gz_is_compressed()
    {
        AddRun();
        ReportFile.Write(run["run.trace.json.gz"], run.Build(), ReportFormat.ChromeTrace);
        using var file = new GZipStream(File.OpenRead(run["run.trace.json.gz"]), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(file);
        Assert.NotEqual(0, json.RootElement.GetProperty("traceEvents").GetArrayLength());
    }

    private void AddRun()
    {
        run.AddItem(0, 0, 2, input: "srv-1");
        run.AddItem(1, 1, 3, "Failed", worker: "Worker-2", pid: 22, input: "srv-2", error: "it broke", exitCode: 3);
        run.AddRecord(0, "Worker-1 started as process 11", "Debug", pid: 9, category: "QueueLog.Pool");
        run.AddRecord(1, "fine");
        run.AddRecord(1.5, "disk is full", "Warning");
    }

    private JsonElement Write(string path)
    {
        ReportFile.Write(path, run.Build(), ReportFormat.ChromeTrace);
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }

    private static void Validate(JsonElement e)
    {
        var phase = Text(e, "ph");
        Assert.NotEqual("", Text(e, "name"));
        Assert.True(e.GetProperty("pid").GetInt32() >= 0 && e.GetProperty("tid").GetInt32() >= 0);
        Assert.Equal(JsonValueKind.Object, e.GetProperty("args").ValueKind);
        if (phase == "M")
        {
            Assert.Contains(Text(e, "name"), MetadataNames);
            Assert.True(e.GetProperty("args").TryGetProperty(Text(e, "name").EndsWith("index", StringComparison.Ordinal) ? "sort_index" : "name", out _));
            return;
        }

        Assert.True(e.GetProperty("ts").GetDecimal() >= 0);
        switch (phase)
        {
            case "X":
                Assert.True(e.GetProperty("dur").GetDecimal() >= 0);
                Assert.Contains(Text(e, "cname"), Colours);
                break;
            case "i":
                Assert.Contains(Text(e, "s"), new[] { "g", "p", "t" });
                break;
            case "C":
                Assert.All(e.GetProperty("args").EnumerateObject(), series => Assert.Equal(JsonValueKind.Number, series.Value.ValueKind));
                break;
            default:
                Assert.Fail($"{phase} is no phase that is written.");
                break;
        }
    }

    private static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;
}
