using System.Text.Json;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads lines that are JSON objects of any program: fields by the usual names, everything else as properties.</summary>
internal sealed class ForeignJsonParser : ForeignEntryParser
{
    private readonly KnownNames names = new();
    private readonly JsonValueReader values;

    // Where the objects begin that group properties of the line, and their names: they are read behind the rest.
    private readonly List<(int Start, byte[] Name)> groups = [];

    // How many entries in a row have not said their level in the way that is quick to find.
    private int levelMisses;

    public ForeignJsonParser(TimePlacer placer)
        : base(placer) => values = new JsonValueReader(Unfolded, Properties, isForeign: true);

    public override string Name => "json-lines";

    public override bool TryReadLevel(ReadOnlySpan<byte> text, out LogLevel level)
    {
        // Where they do not, the search is for nothing.
        const int Misses = 20;
        level = default;
        if (levelMisses > Misses)
        {
            return false;
        }

        Unfolded.Clear();
        names.Restart();
        levelMisses++;
        try
        {
            var json = new Utf8JsonReader(text);
            for (json.Read(); json.Read() && json.TokenType == JsonTokenType.PropertyName; json.Skip())
            {
                var name = names.Of(values.Text(ref json)).Field;
                json.Read();

                // No other name for a level goes before this one.
                if (name is { Field: ForeignField.Level, Rank: 0 } && json.TokenType is JsonTokenType.String or JsonTokenType.Number && ForeignLevel.TryRead(values.Text(ref json), out level))
                {
                    SeeLevel();
                    levelMisses = 0;
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No object, or a torn one: it is read as a whole.
        }

        return false;
    }

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        text = text.Trim(" \t\r"u8);
        if (text is not [(byte)'{', .., (byte)'}'])
        {
            return EntryState.Raw;
        }

        try
        {
            return TryReadObject(text, ref entry) ? EntryState.Record : EntryState.Raw;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return EntryState.Raw;
        }
    }

    private bool TryReadObject(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var json = new Utf8JsonReader(text);
        json.Read();
        names.Restart();
        groups.Clear();
        var record = new ForeignRecord(Properties, Order);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = values.Text(ref json);
            var name = names.Of(key);
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject && name.IsGroup)
            {
                groups.Add(((int)json.TokenStartIndex, name.Name));
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.StartObject && name.IsHolder)
            {
                AddMembers(ref record, ref json, text, key, isGroup: false);
            }
            else
            {
                Add(ref record, ref json, text, name.Field, key);
            }
        }

        if (json.TokenType != JsonTokenType.EndObject || json.BytesConsumed != text.Length)
        {
            return false;
        }

        foreach (var (start, name) in groups)
        {
            var members = new Utf8JsonReader(text[start..], isFinalBlock: false, state: default);
            members.Read();
            AddMembers(ref record, ref members, text, name, isGroup: true);
        }

        if (!record.HasLevel && record.HasMessage && LevelInText.TryFind(record.Message, out var level))
        {
            // Docker's lines say it in the text alone, or not at all.
            record.SetLevel(level);
        }

        Fill(ref record, ref entry);
        entry.Record.Message = record.HasMessage ? record.Message.TrimEnd("\r\n"u8) : text;
        return true;
    }

    private void Add(scoped ref ForeignRecord record, scoped ref Utf8JsonReader json, ReadOnlySpan<byte> text, FieldName name, ReadOnlySpan<byte> key)
    {
        if (name.Field != ForeignField.Property && json.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            record.Offer(name, key, values.Text(ref json), json.TokenType == JsonTokenType.String);
        }
        else if (name.Field == ForeignField.Message && json.TokenType == JsonTokenType.StartArray && TryReadBytes(ref json, out var bytes))
        {
            record.Offer(name, key, bytes, isText: true);
        }
        else
        {
            values.AddProperty(ref json, key);
        }
    }

    // journald writes a text so that holds control characters.
    private bool TryReadBytes(scoped ref Utf8JsonReader json, out ReadOnlySpan<byte> bytes)
    {
        var ahead = json;
        var start = Unfolded.Length;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.Number && ahead.TryGetByte(out var value))
        {
            Unfolded.WriteByte(value);
        }

        bytes = UnfoldedSince(start);
        if (ahead.TokenType != JsonTokenType.EndArray || bytes.IsEmpty)
        {
            return false;
        }

        json = ahead;
        return true;
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> holder, ReadOnlySpan<byte> key)
    {
        var start = Unfolded.Length;
        Unfolded.WriteBytes(holder);
        Unfolded.WriteByte((byte)'.');
        Unfolded.WriteBytes(key);
        return UnfoldedSince(start);
    }

    private bool HasProperty(ReadOnlySpan<byte> name)
    {
        var properties = new PropertyReader(Properties.Written);
        while (properties.Read())
        {
            if (properties.Name.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    // Of an exception the whole is no property; of what is grouped the members are.
    private void AddMembers(scoped ref ForeignRecord record, scoped ref Utf8JsonReader json, ReadOnlySpan<byte> text, ReadOnlySpan<byte> holder, bool isGroup)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = values.Text(ref json);
            var name = FieldNames.Of(holder, key);
            json.Read();
            Add(ref record, ref json, text, name, isGroup && !HasProperty(key) ? key : Join(holder, key));
        }
    }
}
