using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reporting.Trace;

/// <summary>Writes a run in the trace event format, which Perfetto and chrome://tracing open.</summary>
// JSON Object Format: {"traceEvents": [event, …], "displayTimeUnit": "ms", "otherData": {…}}. Times are microseconds. A worker is a
// process of the trace, each of its processes a thread of that. Events:
//   M  process_name, process_sort_index, thread_name: names
//   X  an attempt at an item, with ts and dur
//   i  a record from Warning up, a birth or a death, with the scope t (thread), p (process) or g (all)
//   C  busy workers, items a second
internal sealed class ChromeTrace(RunReport report)
{
    // The number of what belongs to no worker.
    private const int Run = 0;

    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = ReportText.Encoder });
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        WriteOtherData(json);
        json.WriteStartArray("traceEvents");
        WriteName(json, "process_name", Run, 0, report.Title);
        for (var lane = 0; lane < report.Lanes.Count; lane++)
        {
            WriteLane(json, lane);
        }

        foreach (var item in report.Items)
        {
            WriteItem(json, item);
        }

        foreach (var record in report.Records)
        {
            if (record.Level >= (int)LogLevel.Warning)
            {
                WriteRecord(json, record);
            }
        }

        WriteCounters(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteOtherData(Utf8JsonWriter json)
    {
        json.WriteStartObject("otherData");
        json.WriteString("title", report.Title);
        json.WriteString("begin", TimestampText.ToTime(report.From, (short)report.OffsetMinutes));
        json.WriteString("notes", string.Join(" ", report.Notes));
        json.WriteEndObject();
    }

    private void WriteLane(Utf8JsonWriter json, int lane)
    {
        var worker = report.Lanes[lane];
        WriteName(json, "process_name", lane + 1, 0, worker.Name);
        BeginEvent(json, "M", "process_sort_index", lane + 1, 0);
        json.WriteStartObject("args");
        json.WriteNumber("sort_index", lane + 1);
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var life in worker.Processes)
        {
            WriteName(json, "thread_name", lane + 1, life.Pid, "process");
            WriteMoment(json, life.Born, "started", lane, life.Pid, "");
            WriteMoment(json, life.Died, "ended", lane, life.Pid, life.End);
        }
    }

    private void WriteItem(Utf8JsonWriter json, ReportItem item)
    {
        BeginEvent(json, "X", FormattableString.Invariant($"item {item.Index}"), item.Lane + 1, item.Pid);
        json.WriteString("cat", "item");
        WriteTime(json, "ts", item.Start - report.From);
        WriteTime(json, "dur", Math.Max(0, item.End - item.Start));
        json.WriteString("cname", item.IsFailure ? "terrible" : item.Status == ReportStatus.Retried ? "bad" : item.Status == ReportStatus.Completed ? "good" : "generic_work");
        json.WriteStartObject("args");
        json.WriteString("input", item.Input);
        json.WriteString("status", item.Status.ToString());
        json.WriteNumber("attempt", item.Attempt);
        if (item.ExitCode is { } code)
        {
            json.WriteNumber("exitCode", code);
        }

        if (item.Error.Length > 0)
        {
            json.WriteString("error", item.Error);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteRecord(Utf8JsonWriter json, ReportRecord record)
    {
        BeginEvent(json, "i", ReportText.Cut(ReportText.FirstLine(record.Message), ReportText.LongestShape), record.Lane + 1, PidAt(record));
        json.WriteString("cat", ((LogLevel)record.Level).ToString());
        json.WriteString("s", record.Lane < 0 ? "g" : "p");
        WriteTime(json, "ts", record.Time - report.From);
        json.WriteStartObject("args");
        json.WriteString("message", record.Message);
        json.WriteString("process", record.Process);
        if (record.Item >= 0)
        {
            json.WriteNumber("item", record.Item);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private int PidAt(ReportRecord record) =>
        record.Lane < 0 ? 0 : report.Lanes[record.Lane].Processes.LastOrDefault(life => life.First <= record.Time)?.Pid ?? 0;

    private void WriteCounters(Utf8JsonWriter json)
    {
        var seconds = report.Timeline.Width / (double)TimeSpan.TicksPerSecond;
        var next = long.MinValue;
        foreach (var (start, bucket) in report.Timeline.Filled)
        {
            if (next != long.MinValue && start > next)
            {
                WriteCounter(json, next, 0, 0);
            }

            WriteCounter(json, start, bucket.Busy / (double)report.Timeline.Width, (bucket.Completed + bucket.Failed) / seconds);
            next = start + report.Timeline.Width;
        }

        if (next != long.MinValue)
        {
            WriteCounter(json, next, 0, 0);
        }
    }

    private void WriteCounter(Utf8JsonWriter json, long time, double busy, double rate)
    {
        WriteCounter(json, time, "busy workers", "workers", busy);
        WriteCounter(json, time, "items/s", "items", rate);
    }

    private void WriteCounter(Utf8JsonWriter json, long time, string name, string series, double value)
    {
        BeginEvent(json, "C", name, Run, 0);
        WriteTime(json, "ts", Math.Max(0, time - report.From));
        json.WriteStartObject("args");
        json.WriteNumber(series, Math.Round(value, 3));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteMoment(Utf8JsonWriter json, long? time, string name, int lane, int pid, string text)
    {
        if (time is not { } moment)
        {
            return;
        }

        BeginEvent(json, "i", name, lane + 1, pid);
        json.WriteString("cat", "process");
        json.WriteString("s", "t");
        WriteTime(json, "ts", moment - report.From);
        json.WriteStartObject("args");
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, string kind, int process, int thread, string name)
    {
        BeginEvent(json, "M", kind, process, thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void BeginEvent(Utf8JsonWriter json, string phase, string name, int process, int thread)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", thread);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long ticks) => json.WriteNumber(name, ticks / (decimal)TimeSpan.TicksPerMicrosecond);
}
