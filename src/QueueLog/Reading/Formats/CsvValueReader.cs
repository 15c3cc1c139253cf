using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Takes the values off a line of Csv, one by one.</summary>
internal sealed class CsvValueReader(ByteWriter unfolded)
{
    /// <summary>The next value, and the comma behind it unless it is the last of the line.</summary>
    public bool TryRead(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value, bool isLast)
    {
        value = default;
        if (rest is [(byte)'"', ..])
        {
            var start = unfolded.Length;
            var isDoubled = false;
            var body = rest[1..];
            var length = 0;
            while (true)
            {
                var quote = body[length..].IndexOf((byte)'"');
                if (quote < 0)
                {
                    return false;
                }

                length += quote;
                if (length + 1 >= body.Length || body[length + 1] != '"')
                {
                    break;
                }

                isDoubled = true;
                length += 2;
            }

            value = body[..length];
            rest = body[(length + 1)..];
            if (isDoubled)
            {
                WriteSingle(value);
                value = unfolded.Written[start..];
            }
        }
        else
        {
            var end = rest.IndexOf((byte)',');
            value = end < 0 ? rest : rest[..end];
            rest = rest[value.Length..];
        }

        if (isLast)
        {
            return rest.IsEmpty;
        }

        if (rest is not [(byte)',', ..])
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private void WriteSingle(ReadOnlySpan<byte> doubled)
    {
        while (true)
        {
            var quote = doubled.IndexOf((byte)'"');
            if (quote < 0)
            {
                unfolded.WriteBytes(doubled);
                return;
            }

            unfolded.WriteBytes(doubled[..(quote + 1)]);
            doubled = doubled[(quote + 2)..];
        }
    }
}
