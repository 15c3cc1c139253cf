using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>Finds the level that a text itself names, for entries that have none elsewhere.</summary>
// INFO, [warn], error:, |Error|, level=info, {"level":"info"}. A word in small letters within a sentence is no level.
internal static class LevelInText
{
    private const int Farthest = 120;
    private const int ShortestName = 3;

    // Of the names of the field; those behind are too short.
    private const int LowestRank = 7;

    private static ReadOnlySpan<byte> ColumnSigns => "|\t;,"u8;

    public static bool TryFind(ReadOnlySpan<byte> text, out LogLevel level)
    {
        if (text.TrimEnd(" \r\n"u8) is [.., (byte)'}'] && text.IndexOf((byte)'{') is >= 0 and var brace && TryReadJson(text[brace..].TrimEnd(" \r\n"u8), out var found))
        {
            level = found.GetValueOrDefault(LogLevel.Information);
            return found is not null;
        }

        text = text[..Math.Min(text.Length, Farthest)];
        for (var start = text.IndexOfAny(LevelParser.Letters); start >= 0;)
        {
            var length = text[start..].IndexOfAnyExcept(LevelParser.Letters);
            var end = length < 0 ? text.Length : start + length;
            if (IsValue(text, start) ? ForeignLevel.TryRead(text[start..end], out level) : IsLevel(text, start, end) && LevelParser.TryParse(text[start..end], out level))
            {
                return true;
            }

            var next = text[end..].IndexOfAny(LevelParser.Letters);
            start = next < 0 ? -1 : end + next;
        }

        level = LogLevel.Information;
        return false;
    }

    /// <returns>False where the text is no object.</returns>
    private static bool TryReadJson(ReadOnlySpan<byte> text, out LogLevel? level)
    {
        level = null;
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isLevel = FieldNames.Of(json.ValueSpan) is { Field: ForeignField.Level, Rank: <= LowestRank };
                json.Read();
                level ??= isLevel && json.TokenType is JsonTokenType.String or JsonTokenType.Number && ForeignLevel.TryRead(json.ValueSpan, out var found) ? found : null;
                json.Skip();
            }

            return json.BytesConsumed == text.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // level=info
    private static bool IsValue(ReadOnlySpan<byte> text, int start)
    {
        var before = text[..start].TrimEnd((byte)'"');
        return before is [.. var pair, (byte)'='] && FieldNames.Of(pair[(pair.LastIndexOfAny(" \t,;|"u8) + 1)..]) is { Field: ForeignField.Level, Rank: <= LowestRank };
    }

    private static bool IsLevel(ReadOnlySpan<byte> text, int start, int end)
    {
        var name = text[start..end];
        if (name.Length < ShortestName || !ForeignLevel.IsMarked(name))
        {
            return false;
        }

        var isUpper = !name.ContainsAnyInRange((byte)'a', (byte)'z');
        return (isUpper && ForeignLevel.IsPlain(name) && !IsJoined(text, start - 1) && !IsJoined(text, end)) || StandsAlone(text, start, end);
    }

    private static bool IsJoined(ReadOnlySpan<byte> text, int place) => (uint)place < (uint)text.Length && text[place] is (byte)'-' or (byte)'_' or (byte)'/' or (byte)'.' or >= 0x80;

    // In brackets, in a column, or before a colon at the beginning.
    private static bool StandsAlone(ReadOnlySpan<byte> text, int start, int end)
    {
        var before = text[..start].TrimEnd((byte)' ');
        var behind = text[end..].TrimStart((byte)' ');
        var isColumn = (before.IsEmpty || ColumnSigns.Contains(before[^1])) && (behind.IsEmpty || ColumnSigns.Contains(behind[0]));
        var isSentence = (behind is [(byte)',', (byte)' ', ..]) || (before is [.., (byte)','] && before.Length < start);
        return (before is [.., (byte)'['] && behind is [(byte)']', ..])
            || (before is [.., (byte)'<'] && behind is [(byte)'>', ..])
            || (isColumn && !isSentence && before.Length + behind.Length > 0)
            || (start == 0 && behind is [(byte)':', ..]);
    }
}
