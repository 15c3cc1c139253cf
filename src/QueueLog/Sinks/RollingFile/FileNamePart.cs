using System.Buffers;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Makes a value from a record safe as part of a file name, on every operating system, so that logs can be copied between them.</summary>
// Separators, reserved and control characters, invalid UTF-8, both dots of "..", and a dot or space at the end become '_'; so do
// the names of Windows devices, and nothing at all.
internal static class FileNamePart
{
    // Names have at most 255 bytes; this leaves room for a second value, an extension and a number.
    private const int MaxLength = 100;

    private static readonly SearchValues<byte> Harmless =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_ +=@#$%&()[]"u8);

    private static readonly SearchValues<char> Reserved = SearchValues.Create("/\\<>:\"|?*");

    public static void Append(ByteWriter output, ReadOnlySpan<byte> value)
    {
        if (IsDevice(value))
        {
            output.WriteByte((byte)'_');
            return;
        }

        var start = output.Length;
        var length = Math.Min(value.Length, MaxLength);
        if (!value[..length].ContainsAnyExcept(Harmless))
        {
            output.WriteBytes(value[..length]);
        }
        else
        {
            AppendCharacters(output, value);
        }

        if (output.Length == start)
        {
            output.WriteByte((byte)'_');
        }
        else if (output.Written[^1] is (byte)'.' or (byte)' ')
        {
            // Windows takes them off, and a lone dot is the folder itself.
            output.Truncate(output.Length - 1);
            output.WriteByte((byte)'_');
        }
    }

    private static void AppendCharacters(ByteWriter output, ReadOnlySpan<byte> value)
    {
        var end = output.Length + MaxLength;
        var position = 0;
        while (position < value.Length)
        {
            var status = Rune.DecodeFromUtf8(value[position..], out var rune, out var length);
            if (output.Length + length > end)
            {
                return;
            }

            if (status != OperationStatus.Done || !IsSafe(rune, value[position..], position > 0 ? value[position - 1] : (byte)0))
            {
                output.WriteByte((byte)'_');
            }
            else
            {
                output.WriteBytes(value.Slice(position, length));
            }

            position += length;
        }
    }

    private static bool IsSafe(Rune rune, ReadOnlySpan<byte> rest, byte before)
    {
        if (rune.Value == '.')
        {
            return before != (byte)'.' && (rest.Length == 1 || rest[1] != (byte)'.');
        }

        return !Rune.IsControl(rune) && !(rune.IsBmp && Reserved.Contains((char)rune.Value));
    }

    // CON is a device, and so is CON.txt.
    private static bool IsDevice(ReadOnlySpan<byte> value)
    {
        var dot = value.IndexOf((byte)'.');
        var name = (dot < 0 ? value : value[..dot]).TrimEnd((byte)' ');
        return name.Length switch
        {
            3 => Ascii.EqualsIgnoreCase(name, "CON"u8) || Ascii.EqualsIgnoreCase(name, "PRN"u8)
                || Ascii.EqualsIgnoreCase(name, "AUX"u8) || Ascii.EqualsIgnoreCase(name, "NUL"u8),
            4 => name[3] is >= (byte)'0' and <= (byte)'9'
                && (Ascii.EqualsIgnoreCase(name[..3], "COM"u8) || Ascii.EqualsIgnoreCase(name[..3], "LPT"u8)),
            _ => false,
        };
    }
}
