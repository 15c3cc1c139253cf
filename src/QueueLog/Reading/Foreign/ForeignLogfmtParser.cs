using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads lines of <c>key=value</c> of any program, whatever they begin with.</summary>
internal sealed class ForeignLogfmtParser(TimePlacer placer) : ForeignEntryParser(placer)
{
    private readonly KnownNames names = new();

    public override string Name => "key-value";

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        names.Restart();
        var pairs = new LogfmtPairs(Unfolded, (byte)'\t');
        var record = new ForeignRecord(Properties, Order);
        var rest = text;
        var count = 0;
        while (!rest.IsEmpty)
        {
            if (!pairs.TryRead(ref rest, out var key, out var value, out var isQuoted, out var isAlone) || (isAlone && count == 0))
            {
                return EntryState.Raw;
            }

            rest = rest.TrimStart(" \t"u8);
            if (isAlone)
            {
                Properties.AddBoolean(key, true);
                continue;
            }

            count++;
            var name = names.Of(key).Field;
            if (name.Field == ForeignField.Time && !isQuoted && TimeEnd(text, value) is > 0 and var end)
            {
                text.Overlaps(value, out var start);
                value = text[start..end];
                rest = text[end..].TrimStart(" \t"u8);
            }

            record.Offer(name, key, value, isQuoted || !IsNumber(value));
        }

        if (count == 0)
        {
            return EntryState.Raw;
        }

        Fill(ref record, ref entry);
        entry.Record.Message = record.HasMessage ? record.Message : text;
        return EntryState.Record;
    }

    // A time without quotes may hold a blank. 0 where it does not.
    private int TimeEnd(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value)
    {
        if (!text.Overlaps(value, out var start) || !ForeignTime.TryRead(text[start..], Order, out _, out var length) || length <= value.Length)
        {
            return 0;
        }

        return start + length == text.Length || text[start + length] is (byte)' ' or (byte)'\t' ? start + length : 0;
    }

    private static bool IsNumber(ReadOnlySpan<byte> value) => BareValue.TryReadInteger(value, out _) || BareValue.TryReadDouble(value, out _);
}
