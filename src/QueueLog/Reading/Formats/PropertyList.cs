using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Reads what <c>{Properties}</c> shows: <c>{Name=value, Other=value}</c>.</summary>
internal static class PropertyList
{
    /// <summary>Whether the first property begins here.</summary>
    public static bool Begins(ReadOnlySpan<byte> text)
    {
        var equals = text is [(byte)'{', ..] ? text.IndexOfAny((byte)'=', (byte)' ', (byte)'\n') : -1;
        return equals > 0 && text[equals] == '=';
    }

    public static void Read(ReadOnlySpan<byte> text, ByteWriter properties)
    {
        if (text is not [(byte)'{', .. var rest, (byte)'}'])
        {
            return;
        }

        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf((byte)'=');
            if (equals < 0)
            {
                return;
            }

            var name = rest[..equals];
            var value = rest[(equals + 1)..];
            var end = ValueLength(value);
            BareValue.Add(properties, name, value[..end]);
            rest = value[Math.Min(end + 2, value.Length)..];
        }
    }

    // A value may hold commas: it ends at the last one before the next name and its sign.
    private static int ValueLength(ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        while (equals >= 0)
        {
            var comma = text[..equals].LastIndexOf(", "u8);
            if (comma >= 0 && !text[(comma + 2)..equals].Contains((byte)' '))
            {
                return comma;
            }

            var next = text[(equals + 1)..].IndexOf((byte)'=');
            equals = next < 0 ? -1 : equals + 1 + next;
        }

        return text.Length;
    }
}
