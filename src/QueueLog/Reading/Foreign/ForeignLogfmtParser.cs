using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads lines of <c>key=value</c> of any program, whatever they begin with.</summary>
internal sealed class ForeignLogfmtParser(TimePlacer placer) : EntryParser
{
    private readonly KnownNames names = new();

    public override string Name => "key-value";

    public override bool Shows(AskedField asked) => asked.Field is Formatting.TemplateField.Property or Formatting.TemplateField.Level or Formatting.TemplateField.Process or Formatting.TemplateField.Category;

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        names.Restart();
        var pairs = new LogfmtPairs(Unfolded);
        var record = new ForeignRecord(Properties);
        var rest = text;
        var count = 0;
        while (!rest.IsEmpty)
        {
            if (!pairs.TryRead(ref rest, out var key, out var value, out var isQuoted, out var isAlone) || (isAlone && count == 0))
            {
                return EntryState.Raw;
            }

            if (isAlone)
            {
                Properties.AddBoolean(key, true);
                continue;
            }

            count++;
            record.Offer(names.Of(key).Field, key, value, isQuoted || !IsNumber(value));
        }

        if (count == 0)
        {
            return EntryState.Raw;
        }

        record.Fill(ref entry, placer);
        entry.Record.Message = record.HasMessage ? record.Message : text;
        return EntryState.Record;
    }

    private static bool IsNumber(ReadOnlySpan<byte> value) => BareValue.TryReadInteger(value, out _) || BareValue.TryReadDouble(value, out _);
}
