using System.Text.Json;
using QueueLog.Reading;
using QueueLog.Reporting;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reporting;

/// <summary>The log and the job log of a run that never was.</summary>
internal sealed class RunFiles : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<int, int> sequences = [];

    public static DateTimeOffset Begin { get; } = new(2026, 3, 4, 23, 59, 50, TimeSpan.FromHours(2));

    public string Log => folder.Combine("run.log");

    public string JobLog => folder.Combine("run.jsonl");

    public string this[string name] => folder.Combine(name);

    public void AddItem(long index, double start, double end, string status = "Completed", int attempt = 1, string worker = "Worker-1", int pid = 11, object? input = null, string? error = null, int? exitCode = null, string? key = null, string errorId = "Bad") =>
        Append(JobLog, new Dictionary<string, object?>
        {
            ["Key"] = key is null ? null : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))) + "#1",
            ["Index"] = index,
            ["Status"] = status,
            ["Attempt"] = attempt,
            ["Worker"] = worker,
            ["Pid"] = pid,
            ["Queued"] = Begin,
            ["Started"] = Begin.AddSeconds(start),
            ["Ended"] = Begin.AddSeconds(end),
            ["Duration"] = TimeSpan.FromSeconds(end - start).ToString("c"),
            ["ExitCode"] = exitCode,
            ["Input"] = input ?? index,
            ["Output"] = new[] { index },
            ["Errors"] = error is null ? [] : new[] { new Dictionary<string, string> { ["Message"] = error, ["Id"] = errorId, ["StackTrace"] = "at <ScriptBlock>, run.ps1: line 7" } },
        });

    public void AddRecord(double time, string message, string level = "Information", string? worker = "Worker-1", int pid = 11, long? item = null, int? attempt = null, string category = "", string? template = null, bool isOfWorker = false, string process = "pwsh")
    {
        var sequence = sequences[pid] = sequences.GetValueOrDefault(pid) + 1;
        var record = new Dictionary<string, object?> { ["@t"] = Begin.AddSeconds(time), ["@m"] = message, ["@l"] = level, ["Process"] = category.Length > 0 && !isOfWorker ? process : worker ?? process, ["Pid"] = pid, ["Sequence"] = sequence };
        Set("@mt", template);
        Set("Worker", worker);
        Set("Item", item);
        Set("Attempt", attempt);
        Set("SourceContext", category.Length > 0 ? category : null);
        Append(Log, record);

        void Set(string name, object? value)
        {
            if (value is not null)
            {
                record[name] = value;
            }
        }
    }

    /// <summary>What has been added to the job log becomes that of another run.</summary>
    public string EndJobLog(string name)
    {
        File.Move(JobLog, this[name]);
        return this[name];
    }

    public RunReport Build(Func<ReportOptions, ReportOptions>? with = null)
    {
        var options = new ReportOptions { Logs = File.Exists(Log) ? [Log] : [], JobLogs = File.Exists(JobLog) ? [JobLog] : [], Query = new LogQuery() };
        return new ReportBuilder(with?.Invoke(options) ?? options).Build();
    }

    public void Dispose() => folder.Dispose();

    private static void Append(string path, object line) => File.AppendAllText(path, JsonSerializer.Serialize(line) + "\n");
}
