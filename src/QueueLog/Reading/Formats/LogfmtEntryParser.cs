using System.Buffers.Text;
using QueueLog.Formatting;
using QueueLog.Records;

namespace QueueLog.Reading.Formats;

/// <summary>Reads lines of <c>key=value</c>.</summary>
internal sealed class LogfmtEntryParser : EntryParser
{
    public override string Name => "logfmt";

    public override bool TryReadTime(ReadOnlySpan<byte> text, out long utcTicks) =>
        text is [_, _, _, (byte)'"', ..] ? TryReadTime(text, "ts=\""u8, (byte)'"', out utcTicks) : TryReadTime(text, LogfmtFormatter.Start, (byte)' ', out utcTicks);

    /// <summary>Whether a line begins as ours do: those of other programs begin with anything.</summary>
    public static bool Begins(ReadOnlySpan<byte> line) =>
        TryReadTime(line, "ts=\""u8, (byte)'"', out _) || TryReadTime(line, LogfmtFormatter.Start, (byte)' ', out _);

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        if (!text.StartsWith(LogfmtFormatter.Start))
        {
            return EntryState.Raw;
        }

        var rest = text;
        var pairs = new LogfmtPairs(Unfolded);
        while (!rest.IsEmpty)
        {
            // A key that nothing follows was cut.
            if (!pairs.TryRead(ref rest, out var key, out var value, out var isQuoted, out var isAlone) || (isAlone && rest.IsEmpty))
            {
                return EntryState.Torn;
            }

            if (isAlone)
            {
                Properties.AddBoolean(key, true);
            }
            else
            {
                Apply(key, value, isQuoted, ref entry);
            }
        }

        return entry.Has(EntryFields.Timestamp) ? EntryState.Record : EntryState.Torn;
    }

    private void Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isQuoted, ref EntryView entry)
    {
        ref var record = ref entry.Record;
        switch (key)
        {
            case [(byte)'t', (byte)'s'] when RoundTripTimeReader.TryReadAny(value, out record.UtcTicks, out record.OffsetMinutes):
                entry.Fields |= EntryFields.Timestamp;
                return;
            case [(byte)'l', ..] when key.SequenceEqual("level"u8) && LevelParser.TryParse(value, out record.Level):
                entry.Fields |= EntryFields.Level;
                return;
            case [(byte)'m', ..] when key.SequenceEqual("msg"u8):
                record.Message = value;
                return;
            case [(byte)'t', ..] when key.SequenceEqual("template"u8):
                record.Template = value;
                return;
            case [(byte)'p', ..] when key.SequenceEqual("process"u8):
                record.Process = value;
                return;
            case [(byte)'p', ..] when key.SequenceEqual("pid"u8) && TryRead(value, out record.Pid):
                entry.Fields |= EntryFields.Pid;
                return;
            case [(byte)'w', ..] when key.SequenceEqual("worker"u8):
                record.Worker = value;
                return;
            case [(byte)'i', ..] when key.SequenceEqual("item"u8) && BareValue.TryReadInteger(value, out var item):
                record.Item = item;
                return;
            case [(byte)'a', ..] when key.SequenceEqual("attempt"u8) && TryRead(value, out record.Attempt):
                return;
            case [(byte)'c', ..] when key.SequenceEqual("category"u8):
                record.Category = value;
                return;
            case [(byte)'c', ..] when key.SequenceEqual("caller"u8):
                record.Caller = value;
                return;
            case [(byte)'s', ..] when key.SequenceEqual("seq"u8) && BareValue.TryReadInteger(value, out record.Sequence):
                entry.Fields |= EntryFields.Sequence;
                return;
            case [(byte)'s', ..] when key.SequenceEqual("stack"u8):
                record.HasException = true;
                record.ExceptionStackTrace = value;
                return;
            case [(byte)'e', ..] when key.SequenceEqual("exception"u8):
                record.HasException = true;
                record.ExceptionMessage = value;
                return;
            case [(byte)'e', ..] when key.SequenceEqual("exception_type"u8):
                record.HasException = true;
                record.ExceptionType = value;
                return;
        }

        // A property of a key's name has something before it, which keeps it apart.
        var name = key is [(byte)'_', ..] && LogfmtFormatter.Reserved.Holds(key) ? key[1..] : key;
        if (isQuoted)
        {
            Properties.AddText(name, value);
        }
        else
        {
            BareValue.Add(Properties, name, value);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> value, out int number) =>
        Utf8Parser.TryParse(value, out number, out var used) && used == value.Length;
}
