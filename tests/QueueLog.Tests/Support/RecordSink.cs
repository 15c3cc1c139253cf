using System.Text;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Keeps the records it is given, with all that a program can say in one.</summary>
internal sealed class RecordSink : IRecordSink
{
    private readonly object gate = new();
    private readonly List<LogRecord> records = [];

    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (gate)
            {
                return [.. records];
            }
        }
    }

    public void Write(scoped in RecordView record)
    {
        var properties = new List<LogProperty>();
        var reader = record.ReadProperties();
        while (reader.Read())
        {
            properties.Add(new LogProperty(Text(reader.Name), PropertyValue.Of(in reader)));
        }

        var seen = new LogRecord
        {
            Level = record.Level,
            Message = Text(record.Message),
            Template = record.Template.IsEmpty ? null : Text(record.Template),
            Category = record.Category.IsEmpty ? null : Text(record.Category),
            Process = Text(record.Process),
            Pid = record.Pid,
            Sequence = record.Sequence,
            Exception = record.HasException ? new ExceptionInfo(Text(record.ExceptionType), Text(record.ExceptionMessage), Text(record.ExceptionStackTrace)) : null,
            Properties = new LogProperties(properties),
        };
        lock (gate)
        {
            records.Add(seen);
        }
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
