using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Takes the pairs off a line of <c>key=value</c>, one by one.</summary>
/// <param name="unfolded">Gets what holds escapes.</param>
/// <param name="separator">Stands between pairs as a blank does.</param>
internal readonly struct LogfmtPairs(ByteWriter unfolded, byte separator = (byte)' ')
{
    /// <summary>The next pair, and the blank behind it.</summary>
    /// <param name="rest">The line from there on.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value without its quotes.</param>
    /// <param name="isQuoted">Whether it had any.</param>
    /// <param name="isAlone">Whether there is a key without a value, as other programs write it for what is so.</param>
    /// <returns>False where none stands there, or not the whole of it.</returns>
    public bool TryRead(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out bool isQuoted, out bool isAlone)
    {
        key = value = default;
        isQuoted = isAlone = false;
        var end = rest.IndexOfAny((byte)'=', (byte)' ', separator);
        end = end < 0 ? rest.Length : end;
        if (end == 0)
        {
            return false;
        }

        key = Unfold(rest[..end]);
        isAlone = end == rest.Length || rest[end] != '=';
        rest = rest[Math.Min(end + 1, rest.Length)..];
        if (isAlone)
        {
            return true;
        }

        isQuoted = rest is [(byte)'"', ..];
        if (isQuoted)
        {
            var length = QuotedLength(rest[1..]);
            if (length < 0)
            {
                return false;
            }

            value = Unfold(rest[1..(1 + length)]);
            rest = rest[(length + 2)..];
        }
        else
        {
            var length = rest.IndexOfAny((byte)' ', separator);
            value = length < 0 ? rest : rest[..length];
            rest = rest[value.Length..];
        }

        if (rest.IsEmpty)
        {
            return true;
        }

        var isEnded = rest[0] == ' ' || rest[0] == separator;
        rest = isEnded ? rest[1..] : rest;
        return isEnded;
    }

    /// <summary>Bytes before the quote that ends the value; -1 when none does.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (true)
        {
            var next = text[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            position += next;
            if (text[position] == '"')
            {
                return position;
            }

            position = Math.Min(position + 2, text.Length);
        }
    }

    private ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return text;
        }

        var start = unfolded.Length;
        Escapes.Unfold(text, unfolded);
        return unfolded.Written[start..];
    }
}
