using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Records as objects, which outlive the buffer they were received in.</summary>
internal static class WholeRecord
{
    public static LogRecord Of(scoped in RecordView record) => new()
    {
        Timestamp = PropertyValue.ToTimestamp(record.UtcTicks, record.OffsetMinutes),
        Level = record.Level,
        Message = ToText(record.Message),
        Template = ToTextOrNull(record.Template),
        Properties = ToProperties(record.ReadProperties()),
        Category = ToTextOrNull(record.Category),
        Process = ToText(record.Process),
        Pid = record.Pid,
        Worker = ToTextOrNull(record.Worker),
        Item = record.Item < 0 ? null : record.Item,
        Attempt = record.Item < 0 ? null : record.Attempt,
        Caller = ToTextOrNull(record.Caller),
        Sequence = record.Sequence,
        Exception = record.HasException
            ? new ExceptionInfo(ToText(record.ExceptionType), ToText(record.ExceptionMessage), ToTextOrNull(record.ExceptionStackTrace))
            : null,
    };

    private static LogProperties ToProperties(PropertyReader reader)
    {
        List<LogProperty>? properties = null;
        while (reader.Read())
        {
            properties ??= [];
            properties.Add(new LogProperty(ToText(reader.Name), PropertyValue.Of(in reader)));
        }

        return properties is null ? LogProperties.Empty : new LogProperties(properties);
    }

    private static string? ToTextOrNull(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : ToText(utf8);

    private static string ToText(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
