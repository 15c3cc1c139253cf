using System.Buffers;
using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Formats records as rows of <see cref="FormatLines.Columns"/>. Not thread-safe.</summary>
internal sealed class CsvFormatter : IRecordFormatter
{
    private static readonly byte[][] Levels = [.. Enum.GetNames<LogLevel>().Select(name => Encoding.UTF8.GetBytes($",{name},"))];

    private readonly RoundTripTime timestamp = new();
    private readonly MemberNames names = new(reserved: null);
    private readonly FlatProperties flat = new();

    public FormatLines? Lines { get; init; }

    public void Format(scoped in RecordView record, IBufferWriter<byte> output)
    {
        var entry = new EntryWriter(output, RecordText.Length(in record) + 160);
        timestamp.Append(ref entry, record.UtcTicks, record.OffsetMinutes);
        entry.Append(Levels[Math.Min((int)record.Level, Levels.Length - 1)]);
        AppendText(ref entry, record.Process);
        AppendNumber(ref entry, record.Pid, record.Pid != 0);
        AppendText(ref entry, record.Worker);
        AppendNumber(ref entry, record.Item, record.Item >= 0);
        AppendNumber(ref entry, record.Attempt, record.Attempt > 0);
        AppendText(ref entry, record.Category);
        AppendNumber(ref entry, record.Sequence, record.Sequence != 0);
        AppendText(ref entry, record.Caller);
        AppendText(ref entry, record.Message);
        AppendText(ref entry, record.Template);
        AppendExceptionType(ref entry, in record);
        AppendText(ref entry, record.ExceptionMessage);
        AppendText(ref entry, record.ExceptionStackTrace);
        AppendProperties(ref entry, record.ReadProperties());
        entry.AppendByte((byte)'\n');
        entry.Commit();
    }

    private static void AppendText(ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        var start = entry.Length;
        if (FormulaText.IsOne(text))
        {
            entry.AppendByte(FormulaText.Mark);
        }

        entry.AppendEscaped(text);
        if (text.IndexOfAny((byte)'"', (byte)',') >= 0)
        {
            PutInQuotes(ref entry, start);
        }

        entry.AppendByte((byte)',');
    }

    private static void PutInQuotes(ref EntryWriter entry, int start)
    {
        entry.DoubleQuotes(start);
        entry.Insert(start, (byte)'"');
        entry.AppendByte((byte)'"');
    }

    private static void AppendNumber(ref EntryWriter entry, long value, bool isThere)
    {
        if (isThere)
        {
            entry.AppendNumber(value);
        }

        entry.AppendByte((byte)',');
    }

    // An exception without a type has quotes there: any reader takes them for an empty field, and ours for an exception.
    private static void AppendExceptionType(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.HasException && record.ExceptionType.IsEmpty)
        {
            entry.Append("\"\","u8);
            return;
        }

        AppendText(ref entry, record.ExceptionType);
    }

    private void AppendProperties(ref EntryWriter entry, PropertyReader properties)
    {
        var start = entry.Length;
        entry.AppendByte((byte)'{');
        PropertyJson.Append(ref entry, flat.Of(properties), names, isFirst: true);
        if (entry.Length == start + 1)
        {
            entry.Truncate(start);
            return;
        }

        entry.AppendByte((byte)'}');
        PutInQuotes(ref entry, start);
    }
}
