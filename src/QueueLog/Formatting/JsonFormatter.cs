using System.Buffers;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Formats records as compact log events (CLEF), an object a line; docs/formats.md has its fields. Not thread-safe.</summary>
internal sealed class JsonFormatter : IRecordFormatter
{
    internal static readonly ReservedNames Reserved =
        new("Process", "Pid", "Worker", "Item", "Attempt", "SourceContext", "Sequence", "Caller", "ExceptionType", "ExceptionMessage", CompactTemplate.OtherName);

    private readonly RoundTripTime timestamp = new("{\"@t\":\"", "\",\"@m\":\"");
    private readonly CompactTemplate template = new();
    private readonly CachedText category = new();
    private readonly MemberNames names = new(Reserved);
    private readonly SenderJson sender = new();

    /// <summary>How every entry begins.</summary>
    public static ReadOnlySpan<byte> Start => "{\"@t\":"u8;

    public FormatLines? Lines { get; init; }

    public void Format(scoped in RecordView record, IBufferWriter<byte> output)
    {
        var entry = new EntryWriter(output, RecordText.Length(in record) + 256);
        timestamp.Append(ref entry, record.UtcTicks, record.OffsetMinutes);
        entry.AppendQuoted(record.Message);
        entry.AppendByte((byte)'"');
        template.Append(ref entry, in record);
        if (record.Level != LogLevel.Information)
        {
            AppendLevel(ref entry, record.Level);
        }

        AppendException(ref entry, in record);
        sender.Append(ref entry, in record);
        AppendNumber(ref entry, ",\"Item\":"u8, record.Item, record.Item >= 0);
        AppendNumber(ref entry, ",\"Attempt\":"u8, record.Attempt, record.Attempt > 0);
        AppendRepeated(ref entry, ",\"SourceContext\":\""u8, record.Category, category);
        AppendNumber(ref entry, ",\"Sequence\":"u8, record.Sequence, record.Sequence != 0);
        AppendText(ref entry, ",\"Caller\":\""u8, record.Caller);
        AppendExceptionParts(ref entry, in record);
        PropertyJson.Append(ref entry, record.ReadProperties(), names, isFirst: false);
        entry.Append("}\n"u8);
        entry.Commit();
    }

    /// <summary>Writes a text behind its member's start, if it is not empty.</summary>
    public static void AppendText(ref EntryWriter entry, ReadOnlySpan<byte> start, scoped ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            entry.Append(start);
            entry.AppendQuoted(text);
            entry.AppendByte((byte)'"');
        }
    }

    // The same, for a text that is mostly the one of the record before.
    private static void AppendRepeated(ref EntryWriter entry, ReadOnlySpan<byte> start, scoped ReadOnlySpan<byte> text, CachedText last)
    {
        if (text.IsEmpty || last.TryAppend(ref entry, text))
        {
            return;
        }

        var from = entry.Length;
        AppendText(ref entry, start, text);
        last.Keep(text, entry.WrittenFrom(from));
    }

    /// <summary>Writes a number behind its member's start, if it is there.</summary>
    public static void AppendNumber(ref EntryWriter entry, ReadOnlySpan<byte> start, long value, bool isThere)
    {
        if (isThere)
        {
            entry.Append(start);
            entry.AppendNumber(value);
        }
    }

    // Serilog's names of the levels; an entry without one is Information.
    private static void AppendLevel(ref EntryWriter entry, LogLevel level) => entry.Append(level switch
    {
        LogLevel.Trace => ",\"@l\":\"Verbose\""u8,
        LogLevel.Debug => ",\"@l\":\"Debug\""u8,
        LogLevel.Warning => ",\"@l\":\"Warning\""u8,
        LogLevel.Error => ",\"@l\":\"Error\""u8,
        _ => ",\"@l\":\"Fatal\""u8,
    });

    // type ": " message [ line break stack ]
    private static void AppendException(ref EntryWriter entry, scoped in RecordView record)
    {
        if (!record.HasException)
        {
            return;
        }

        entry.Append(",\"@x\":\""u8);
        entry.AppendQuoted(record.ExceptionType);
        entry.Append(": "u8);
        entry.AppendQuoted(record.ExceptionMessage);
        if (!record.ExceptionStackTrace.IsEmpty)
        {
            entry.Append("\\n"u8);
            entry.AppendQuoted(record.ExceptionStackTrace);
        }

        entry.AppendByte((byte)'"');
    }

    private static void AppendExceptionParts(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.HasException)
        {
            entry.Append(",\"ExceptionType\":\""u8);
            entry.AppendQuoted(record.ExceptionType);
            entry.Append("\",\"ExceptionMessage\":\""u8);
            entry.AppendQuoted(record.ExceptionMessage);
            entry.AppendByte((byte)'"');
        }
    }
}
