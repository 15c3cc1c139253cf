using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace QueueLog.Reporting.Page;

/// <summary>Writes what a page shows as JSON that can stand in a page: see Content/data.js, which reads it.</summary>
// Items and records are columns: one array for each field. Times are microseconds from the begin of the run, those in columns from
// the one before, so that they are short.
internal sealed class PageData(RunReport report)
{
    private readonly Dictionary<string, int> numbers = [];
    private readonly List<string> texts = [];

    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = ReportText.Encoder });
        json.WriteStartObject();
        WriteHead(json);
        WriteLanes(json);
        WriteItems(json);
        WriteTimeline(json);
        WriteDurations(json);
        WriteFailures(json);
        WriteAudit(json);
        WriteRecords(json);

        // Last, since what is above has filled it.
        WriteColumn(json, "texts", texts, static (json, text) => json.WriteStringValue(text));
        json.WriteEndObject();
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteString("title", report.Title);
        json.WriteString("written", report.Written);
        json.WriteNumber("begin", report.From / TimeSpan.TicksPerMillisecond - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond);
        json.WriteNumber("length", Time(report.To));
        json.WriteNumber("offset", report.OffsetMinutes);
        json.WriteString("host", Environment.MachineName);
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("version", typeof(PageData).Assembly.GetName().Version?.ToString(3));
        WriteColumn(json, "notes", report.Notes, static (json, note) => json.WriteStringValue(note));
        WriteColumn(json, "sources", report.Sources, static (json, source) => json.WriteStringValue($"{source.Kind}: {source.Path}"));
        json.WriteStartObject("statuses");
        foreach (var (status, count) in report.Statuses.OrderBy(status => status.Key))
        {
            json.WriteNumber(status.ToString(), count);
        }

        json.WriteEndObject();
        json.WriteNumber("retries", report.Retries);
        WriteColumn(json, "levels", report.Levels, static (json, count) => json.WriteNumberValue(count));
        json.WriteNumber("rawLines", report.RawLines);
    }

    private void WriteLanes(Utf8JsonWriter json)
    {
        json.WriteStartArray("lanes");
        foreach (var lane in report.Lanes)
        {
            json.WriteStartObject();
            json.WriteString("name", lane.Name);
            json.WriteNumber("items", lane.Items);
            json.WriteNumber("failures", lane.Failures);
            json.WriteNumber("busy", Micros(lane.Busy));
            json.WriteStartArray("processes");
            foreach (var life in lane.Processes)
            {
                json.WriteStartObject();
                json.WriteNumber("pid", life.Pid);
                json.WriteNumber("first", Time(life.Born ?? life.First));
                json.WriteNumber("last", Time(life.Died ?? life.Last));
                json.WriteBoolean("born", life.Born is not null);
                json.WriteBoolean("died", life.Died is not null);
                json.WriteString("end", life.End);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteItems(Utf8JsonWriter json)
    {
        var items = report.Items;
        json.WriteStartObject("items");
        WriteTimes(json, "start", items, static item => item.Start);
        WriteColumn(json, "duration", items, static (json, item) => json.WriteNumberValue(Micros(item.End - item.Start)));
        WriteColumn(json, "index", items, static (json, item) => json.WriteNumberValue(item.Index));
        WriteColumn(json, "lane", items, static (json, item) => json.WriteNumberValue(item.Lane));
        WriteColumn(json, "pid", items, static (json, item) => json.WriteNumberValue(item.Pid));
        WriteColumn(json, "status", items, static (json, item) => json.WriteNumberValue((int)item.Status));
        WriteColumn(json, "attempt", items, static (json, item) => json.WriteNumberValue(item.Attempt));
        WriteColumn(json, "input", items, (json, item) => json.WriteStringValue(item.Input));
        WriteSparse(json, "exit", items, static item => item.ExitCode is not null, static (json, item) => json.WriteNumberValue(item.ExitCode!.Value));
        WriteSparse(json, "error", items, static item => item.Error.Length > 0, (json, item) => json.WriteNumberValue(NumberOf(item.Error)));
        WriteSparse(json, "errorId", items, static item => item.ErrorId.Length > 0, (json, item) => json.WriteNumberValue(NumberOf(item.ErrorId)));
        WriteSparse(json, "trace", items, static item => item.StackTrace.Length > 0, (json, item) => json.WriteNumberValue(NumberOf(item.StackTrace)));
        json.WriteEndObject();
    }

    private void WriteTimeline(Utf8JsonWriter json)
    {
        var filled = report.Timeline.Filled.ToArray();
        json.WriteStartObject("timeline");
        json.WriteNumber("width", Micros(report.Timeline.Width));
        WriteColumn(json, "start", filled, (json, part) => json.WriteNumberValue(Time(part.Start)));
        WriteColumn(json, "completed", filled, static (json, part) => json.WriteNumberValue(part.Bucket.Completed));
        WriteColumn(json, "failed", filled, static (json, part) => json.WriteNumberValue(part.Bucket.Failed));
        WriteColumn(json, "busy", filled, static (json, part) => json.WriteNumberValue(Micros(part.Bucket.Busy)));
        json.WriteStartArray("levels");
        for (var level = 0; level < RunReport.LevelCount; level++)
        {
            json.WriteStartArray();
            foreach (var (_, bucket) in filled)
            {
                json.WriteNumberValue(bucket.Levels[level]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteDurations(Utf8JsonWriter json)
    {
        var durations = report.Durations;
        json.WriteStartObject("durations");
        json.WriteNumber("count", durations.Count);
        json.WriteNumber("shortest", Micros(durations.Shortest.Ticks));
        json.WriteNumber("median", Micros(durations.Median.Ticks));
        json.WriteNumber("p95", Micros(durations.Percentile95.Ticks));
        json.WriteNumber("p99", Micros(durations.Percentile99.Ticks));
        json.WriteNumber("longest", Micros(durations.Longest.Ticks));
        json.WriteNumber("total", Micros(durations.Total.Ticks));
        WriteColumn(json, "from", durations.Bars, static (json, bar) => json.WriteNumberValue(bar.From.Ticks / (double)TimeSpan.TicksPerMicrosecond));
        WriteColumn(json, "to", durations.Bars, static (json, bar) => json.WriteNumberValue(bar.To.Ticks / (double)TimeSpan.TicksPerMicrosecond));
        WriteColumn(json, "counts", durations.Bars, static (json, bar) => json.WriteNumberValue(bar.Count));
        json.WriteEndObject();
    }

    private void WriteFailures(Utf8JsonWriter json)
    {
        json.WriteStartArray("failures");
        foreach (var group in report.Failures)
        {
            json.WriteStartObject();
            json.WriteString("kind", group.Kind.ToString());
            json.WriteString("template", group.Template);
            json.WriteString("example", group.Example);
            json.WriteNumber("count", group.Count);
            json.WriteNumber("first", Time(group.First));
            json.WriteNumber("last", Time(group.Last));
            WriteColumn(json, "items", group.Items, static (json, index) => json.WriteNumberValue(index));
            WriteColumn(json, "inputs", group.Inputs, static (json, input) => json.WriteStringValue(input));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteAudit(Utf8JsonWriter json)
    {
        json.WriteStartArray("audit");
        foreach (var check in report.Audit)
        {
            json.WriteStartObject();
            json.WriteString("subject", check.Subject.ToString());
            var name = ReportText.Cut(check.Name ?? "", ReportText.LongestName);
            json.WriteString("name", check.Pid is { } pid ? string.Create(CultureInfo.InvariantCulture, $"{name} ({pid})") : name);
            json.WriteString("status", check.Status.ToString());
            json.WriteNumber("count", check.Count);
            json.WriteNumber("missing", check.Missing ?? 0);
            json.WriteNumber("repeated", check.Repeated ?? 0);
            json.WriteNumber("disordered", check.OutOfOrder ?? 0);
            json.WriteNumber("torn", check.Torn ?? 0);
            json.WriteString("note", check.Note is { } note ? ReportText.Cut(note, ReportText.LongestExample) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRecords(Utf8JsonWriter json)
    {
        var records = report.Records;
        json.WriteStartObject("records");
        WriteTimes(json, "time", records, static record => record.Time);
        WriteColumn(json, "level", records, static (json, record) => json.WriteNumberValue(record.Level));
        WriteColumn(json, "process", records, (json, record) => json.WriteNumberValue(NumberOf(record.Process)));
        WriteColumn(json, "lane", records, static (json, record) => json.WriteNumberValue(record.Lane));
        WriteColumn(json, "item", records, static (json, record) => json.WriteNumberValue(record.Item));
        WriteColumn(json, "message", records, static (json, record) => json.WriteStringValue(record.Message));
        WriteSparse(json, "exception", records, static record => record.Exception.Length > 0, static (json, record) => json.WriteStringValue(record.Exception));
        json.WriteEndObject();
    }

    private int NumberOf(string text)
    {
        if (!numbers.TryGetValue(text, out var number))
        {
            numbers.Add(text, number = texts.Count);
            texts.Add(text);
        }

        return number;
    }

    private void WriteTimes<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> rows, Func<T, long> timeOf)
    {
        var before = 0L;
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            var time = Time(timeOf(row));
            json.WriteNumberValue(time - before);
            before = time;
        }

        json.WriteEndArray();
    }

    private static void WriteColumn<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> rows, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            write(json, row);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what few rows have, by the place of the row.</summary>
    private static void WriteSparse<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> rows, Func<T, bool> has, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        for (var row = 0; row < rows.Count; row++)
        {
            if (has(rows[row]))
            {
                json.WritePropertyName(row.ToString(CultureInfo.InvariantCulture));
                write(json, rows[row]);
            }
        }

        json.WriteEndObject();
    }

    private long Time(long ticks) => Micros(ticks - report.From);

    private static long Micros(long ticks) => ticks / TimeSpan.TicksPerMicrosecond;
}
