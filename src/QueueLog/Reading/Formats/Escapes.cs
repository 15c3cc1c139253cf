using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Undoes the escapes of Logfmt and Csv.</summary>
internal static class Escapes
{
    /// <summary>All of them: <c>\n</c>, <c>\"</c>, <c>\u001b</c> and so on. What is no escape stays as it is.</summary>
    public static void Unfold(ReadOnlySpan<byte> text, ByteWriter output)
    {
        while (true)
        {
            var next = text.IndexOf((byte)'\\');
            if (next < 0 || next + 1 == text.Length)
            {
                output.WriteBytes(text);
                return;
            }

            output.WriteBytes(text[..next]);
            text = text[next..];
            var used = 2;
            switch (text[1])
            {
                case (byte)'n':
                    output.WriteByte((byte)'\n');
                    break;
                case (byte)'r':
                    output.WriteByte((byte)'\r');
                    break;
                case (byte)'t':
                    output.WriteByte((byte)'\t');
                    break;
                case (byte)'u' when TryReadCharacter(text, out var character, out used):
                    Append(output, character);
                    break;
                case (byte)'"' or (byte)'\\':
                    output.WriteByte(text[1]);
                    break;
                default:
                    output.WriteBytes(text[..2]);
                    break;
            }

            text = text[used..];
        }
    }

    /// <summary>Those by number alone.</summary>
    public static void UnfoldNumbers(ReadOnlySpan<byte> text, ByteWriter output)
    {
        while (true)
        {
            var next = text.IndexOf("\\u"u8);
            if (next < 0)
            {
                output.WriteBytes(text);
                return;
            }

            output.WriteBytes(text[..next]);
            text = text[next..];
            if (TryReadCharacter(text, out var character, out var used))
            {
                Append(output, character);
                text = text[used..];
            }
            else
            {
                output.WriteBytes(text[..2]);
                text = text[2..];
            }
        }
    }

    // Two of them make one character beyond the first 65,536.
    private static bool TryReadCharacter(ReadOnlySpan<byte> text, out Rune character, out int used)
    {
        character = default;
        used = 2;
        if (!TryReadUnit(text, out var unit))
        {
            return false;
        }

        used = 6;
        if (Rune.TryCreate(unit, out character))
        {
            return true;
        }

        if (TryReadUnit(text[6..], out var second) && Rune.TryCreate(unit, second, out character))
        {
            used = 12;
            return true;
        }

        used = 2;
        return false;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = '\0';
        if (text.Length < 6 || !text.StartsWith("\\u"u8) || !ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        unit = (char)value;
        return true;
    }

    private static void Append(ByteWriter output, Rune character) => output.Advance(character.EncodeToUtf8(output.Room(4)));
}
