using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>Finds the level that a text itself begins with, for entries that have none elsewhere.</summary>
// INFO, [warn], error:, level=info. A word in small letters within a sentence is no level.
internal static class LevelInText
{
    private const int Farthest = 120;
    private const int ShortestName = 3;

    public static bool TryFind(ReadOnlySpan<byte> text, out LogLevel level)
    {
        text = text[..Math.Min(text.Length, Farthest)];
        for (var start = text.IndexOfAny(LevelParser.Letters); start >= 0;)
        {
            var length = text[start..].IndexOfAnyExcept(LevelParser.Letters);
            var end = length < 0 ? text.Length : start + length;
            if (end - start >= ShortestName && IsMarked(text, start, end) && LevelParser.TryParse(text[start..end], out level))
            {
                return true;
            }

            var next = text[end..].IndexOfAny(LevelParser.Letters);
            start = next < 0 ? -1 : end + next;
        }

        level = LogLevel.Information;
        return false;
    }

    private static bool IsMarked(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text[start] is >= (byte)'0' and <= (byte)'9')
        {
            return false;
        }

        var before = start > 0 ? text[start - 1] : (byte)' ';
        var behind = end < text.Length ? text[end] : (byte)' ';
        var isUpper = text[start..end].IndexOfAnyInRange((byte)'a', (byte)'z') < 0;
        return (isUpper && before is not ((byte)'-' or (byte)'_' or (byte)'/') && behind is not ((byte)'-' or (byte)'_' or (byte)'/'))
            || (before is (byte)'[' or (byte)'<' or (byte)'(' && behind is (byte)']' or (byte)'>' or (byte)')')
            || (before == '=' && text[..start].EndsWith("level="u8))
            || (start == 0 && behind == ':');
    }
}
