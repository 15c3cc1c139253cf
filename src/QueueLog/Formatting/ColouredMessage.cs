using System.Text;
using QueueLog.Client;

namespace QueueLog.Formatting;

/// <summary>Writes a message with the values in it coloured, as far as its template tells where they are.</summary>
// What the template has between two holes is looked for behind the value before it. A value that has the same text in it ends there.
internal static class ColouredMessage
{
    public static void Append(ref EntryWriter entry, scoped ReadOnlySpan<byte> message, scoped ReadOnlySpan<byte> template)
    {
        var parts = template.IsEmpty ? default : MessageTemplate.Of(Encoding.UTF8.GetString(template)).Parts;
        for (var i = 0; i < parts.Length; i++)
        {
            var isHole = parts[i].Name is not null;
            var next = Find(message, parts[(isHole ? i + 1 : i)..], isHole);
            if (next < 0 || (!isHole && next > 0))
            {
                break;
            }

            var length = isHole ? next : parts[i].TextUtf8.Length;
            if (isHole && length > 0)
            {
                entry.Append(AnsiColours.Value);
                entry.AppendText(message[..length]);
                entry.Append(AnsiColours.Reset);
            }
            else
            {
                entry.AppendText(message[..length]);
            }

            message = message[length..];
        }

        entry.AppendText(message);
    }

    /// <returns>Where the next text of the template begins, or the end where there is none; -1 when it is not in the message.</returns>
    private static int Find(scoped ReadOnlySpan<byte> message, ReadOnlySpan<MessageTemplate.Part> parts, bool isHole)
    {
        if (parts.IsEmpty)
        {
            return message.Length;
        }

        // Of two holes side by side nobody knows where one ends: the first has the value of both.
        var literal = 0;
        while (isHole && literal < parts.Length && parts[literal].Name is not null)
        {
            literal++;
        }

        return literal == parts.Length ? message.Length : message.IndexOf(parts[literal].TextUtf8);
    }
}
