using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading;

/// <summary>Makes objects of entries.</summary>
internal sealed class EntryBuilder
{
    private readonly TextCache texts;

    // Of properties, which are decoded on whatever thread asks for them: used under its own lock.
    private readonly TextCache names = new();
    private readonly Func<byte[], LogProperty[]> decode;

    public EntryBuilder(TextCache texts)
    {
        this.texts = texts;
        decode = ReadProperties;
    }

    public LogEntry Build(scoped in EntryView entry, string format, string file)
    {
        ref readonly var record = ref entry.Record;
        var isRaw = entry.State != EntryState.Record;
        return new LogEntry
        {
            Timestamp = entry.Has(EntryFields.Timestamp) ? TimestampText.ToTime(record.UtcTicks, record.OffsetMinutes) : null,
            Level = entry.Has(EntryFields.Level) ? record.Level : null,
            Process = texts.GetOrNull(record.Process),
            Pid = entry.Has(EntryFields.Pid) ? record.Pid : null,
            Worker = texts.GetOrNull(record.Worker),
            Item = record.Item >= 0 ? record.Item : null,
            Attempt = record.Attempt > 0 ? record.Attempt : null,
            Category = texts.GetOrNull(record.Category),
            Message = Encoding.UTF8.GetString(record.Message),
            Template = texts.GetOrNull(record.Template),
            Properties = record.Properties.IsEmpty ? LogProperties.Empty : new LogProperties(record.Properties.ToArray(), decode),
            Exception = record.HasException ? ReadException(in record) : null,
            Caller = texts.GetOrNull(record.Caller),
            Sequence = entry.Has(EntryFields.Sequence) ? record.Sequence : null,
            IsRaw = isRaw,
            IsUnfinished = entry.IsUnfinished,
            Format = format,
            File = file,
            Offset = entry.Offset,
        };
    }

    private LogProperty[] ReadProperties(byte[] encoded)
    {
        var values = new List<LogProperty>();
        var properties = new PropertyReader(encoded);
        lock (names)
        {
            while (properties.Read())
            {
                values.Add(new LogProperty(names.Get(properties.Name), PropertyValue.Of(in properties)));
            }
        }

        return [.. values];
    }

    private ExceptionInfo ReadException(scoped in RecordView record) => new(
        texts.Get(record.ExceptionType),
        Encoding.UTF8.GetString(record.ExceptionMessage),
        record.ExceptionStackTrace.IsEmpty ? null : Encoding.UTF8.GetString(record.ExceptionStackTrace));
}
