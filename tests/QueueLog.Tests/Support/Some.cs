using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Sample data, and the short way to hand it over.</summary>
internal static class Some
{
    public static SampleRecord Record(string message = "hello", LogLevel level = LogLevel.Information, string process = "Worker-1") =>
        new() { Message = message, Level = level, Process = process };

    public static ExceptionInfo Exception(string message = "disk full", string? stackTrace = "at Save, job.ps1: line 7\nat <ScriptBlock>, job.ps1: line 9") =>
        new("System.IO.IOException", message, stackTrace);

    public static void Write(this IRecordSink sink, SampleRecord record)
    {
        var view = record.View;
        sink.Write(in view);
    }

    public static void Write(this IRecordSink sink, string message) => sink.Write(Record(message));

    /// <summary>Hands a record over as the dispatcher does: what is before a roll is flushed, then rolled.</summary>
    public static void Deliver(this IFileSink sink, SampleRecord record)
    {
        sink.Write(record);
        if (sink.NeedsRoll)
        {
            sink.Flush(withoutLast: true);
            sink.Roll();
        }
    }

    public static void Deliver(this IFileSink sink, string message) => sink.Deliver(Record(message));

    public static string Format(this IRecordFormatter formatter, SampleRecord record)
    {
        var output = new ByteWriter();
        var view = record.View;
        formatter.Format(in view, output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.Written);
    }

    public static string Format(string template, SampleRecord record) => new TemplateFormatter(template).Format(record);
}
