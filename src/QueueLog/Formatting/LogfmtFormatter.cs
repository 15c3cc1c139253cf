using System.Buffers;
using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Formats records as <c>key=value</c> pairs; docs/formats.md has the keys. Not thread-safe.</summary>
internal sealed class LogfmtFormatter : IRecordFormatter
{
    // A key cannot be empty: that is reserved too.
    internal static readonly ReservedNames Reserved = new(
        "ts", "level", "msg", "template", "process", "pid", "worker", "item", "attempt", "category", "seq", "caller", "exception_type", "exception", "stack", "");

    private static readonly SearchValues<byte> Bare = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._/:+@"u8);
    private static readonly SearchValues<byte> Key = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.@"u8);

    // In quotes: before a bare one lnav does not see the level.
    private readonly RoundTripTime timestamp = new("ts=\"", "\"");
    private readonly FlatProperties flat = new();

    /// <summary>How every entry begins.</summary>
    public static ReadOnlySpan<byte> Start => "ts="u8;

    public FormatLines? Lines { get; init; }

    public void Format(scoped in RecordView record, IBufferWriter<byte> output)
    {
        var entry = new EntryWriter(output, RecordText.Length(in record) + 256);
        timestamp.Append(ref entry, record.UtcTicks, record.OffsetMinutes);
        entry.Append(LevelOf(record.Level));
        entry.Append(" msg="u8);
        AppendText(ref entry, record.Message);
        AppendField(ref entry, " template="u8, record.Template);
        AppendField(ref entry, " process="u8, record.Process);
        AppendNumber(ref entry, " pid="u8, record.Pid, record.Pid != 0);
        AppendField(ref entry, " worker="u8, record.Worker);
        AppendNumber(ref entry, " item="u8, record.Item, record.Item >= 0);
        AppendNumber(ref entry, " attempt="u8, record.Attempt, record.Attempt > 0);
        AppendField(ref entry, " category="u8, record.Category);
        AppendNumber(ref entry, " seq="u8, record.Sequence, record.Sequence != 0);
        AppendField(ref entry, " caller="u8, record.Caller);
        AppendException(ref entry, in record);
        AppendProperties(ref entry, flat.Of(record.ReadProperties()));
        entry.AppendByte((byte)'\n');
        entry.Commit();
    }

    private static ReadOnlySpan<byte> LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => " level=trace"u8,
        LogLevel.Debug => " level=debug"u8,
        LogLevel.Information => " level=info"u8,
        LogLevel.Warning => " level=warning"u8,
        LogLevel.Error => " level=error"u8,
        _ => " level=critical"u8,
    };

    private static void AppendField(ref EntryWriter entry, ReadOnlySpan<byte> start, scoped ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            entry.Append(start);
            AppendText(ref entry, text);
        }
    }

    private static void AppendNumber(ref EntryWriter entry, ReadOnlySpan<byte> start, long value, bool isThere)
    {
        if (isThere)
        {
            entry.Append(start);
            entry.AppendNumber(value);
        }
    }

    private static void AppendText(ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && !text.ContainsAnyExcept(Bare))
        {
            entry.Append(text);
            return;
        }

        AppendInQuotes(ref entry, text);
    }

    private static void AppendInQuotes(ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        entry.AppendByte((byte)'"');
        entry.AppendQuoted(text);
        entry.AppendByte((byte)'"');
    }

    private static void AppendException(ref EntryWriter entry, scoped in RecordView record)
    {
        if (record.HasException)
        {
            entry.Append(" exception_type="u8);
            AppendText(ref entry, record.ExceptionType);
            entry.Append(" exception="u8);
            AppendText(ref entry, record.ExceptionMessage);
            AppendField(ref entry, " stack="u8, record.ExceptionStackTrace);
        }
    }

    private static void AppendProperties(ref EntryWriter entry, PropertyReader properties)
    {
        var unique = new UniqueNames(properties);
        while (properties.Read())
        {
            var name = unique.IsFirst(properties.Name) ? properties.Name : unique.Rename(properties.Name);
            entry.Append(Reserved.Holds(name) ? " _"u8 : " "u8);
            AppendKey(ref entry, name);
            entry.AppendByte((byte)'=');
            AppendValue(ref entry, in properties);
        }
    }

    private static void AppendKey(ref EntryWriter entry, scoped ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAnyExcept(Key))
        {
            entry.Append(name);
            return;
        }

        Span<char> units = stackalloc char[2];
        while (!name.IsEmpty)
        {
            // What is no UTF-8 comes as U+FFFD, which is no letter.
            Rune.DecodeFromUtf8(name, out var rune, out var length);
            if (Rune.IsLetterOrDigit(rune) || (rune.IsAscii && Key.Contains((byte)rune.Value)))
            {
                entry.Append(name[..length]);
            }
            else
            {
                foreach (var unit in units[..rune.EncodeToUtf16(units)])
                {
                    entry.AppendCodeUnit(unit);
                }
            }

            name = name[length..];
        }
    }

    private static void AppendValue(ref EntryWriter entry, scoped in PropertyReader property)
    {
        switch (property.Kind)
        {
            case PropertyKind.Null:
                entry.Append("null"u8);
                break;
            case PropertyKind.Boolean:
                entry.Append(property.Integer != 0 ? "true"u8 : "false"u8);
                break;
            case PropertyKind.Integer:
                entry.AppendNumber(property.Integer);
                break;
            case PropertyKind.Double:
                TypedText.AppendDouble(ref entry, property.Double);
                break;
            case PropertyKind.Timestamp:
                entry.AppendValue(TimestampText.ToTime(property.Integer, property.OffsetMinutes), "O");
                break;
            case PropertyKind.Number:
                PropertyJson.AppendNumber(ref entry, property.Text);
                break;
            default:
                if (TypedText.MayBeValue(property.Text))
                {
                    AppendInQuotes(ref entry, property.Text);
                }
                else
                {
                    AppendText(ref entry, property.Text);
                }

                break;
        }
    }
}
