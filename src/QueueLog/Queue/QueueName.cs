using System.Buffers;
using System.Globalization;
using System.Text;

namespace QueueLog.Queue;

/// <summary>Names that are part of what the server calls its objects.</summary>
internal static class QueueName
{
    private const char Escape = '=';
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a run or a chunk may be called so.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 100 && !name.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>Any text as a name: letters, digits, <c>-</c> and <c>_</c> stay, each other byte of its UTF-8 becomes <c>=</c> and two digits.</summary>
    public static string Encode(string text)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var name = new StringBuilder(text.Length + 8);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = Plain.Contains((char)b) ? name.Append((char)b) : name.Append(CultureInfo.InvariantCulture, $"{Escape}{b:X2}");
        }

        // A name has at least one character.
        return name.Length == 0 ? $"{Escape}" : name.ToString();
    }

    /// <summary>The text that a name stands for.</summary>
    /// <returns>Null when it stands for none.</returns>
    public static string? Decode(string name)
    {
        if (name == $"{Escape}")
        {
            return "";
        }

        var bytes = new byte[name.Length];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (Plain.Contains(name[i]))
            {
                bytes[length++] = (byte)name[i];
            }
            else if (name[i] == Escape && i + 2 < name.Length && byte.TryParse(name.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes[length++] = b;
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }
}
